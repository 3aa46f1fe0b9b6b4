select E'a' 'b\'; select 2;
