-- error: unterminated quoted string
select 1; select E'b\'; select 2;
