select E'a'
  'b;\'; select 2;
select E'a' -- note;
  'b;\\' ; select 3;
