select 'a' -- x;
  'b\' ; select 2;
select 'a\'; select 3;
