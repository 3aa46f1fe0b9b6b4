create function f(a int) returns int begin atomic
  select case when a > 0 then 1 else 2 end;
  select 2;
end;
select 3;
create or replace procedure p() begin atomic insert into t values (1); end; select 4;
