create function f(begin int) returns int language sql as 'select 1;';
select begin from t; select end;
create table t (case_ int, begin int); select 1;
