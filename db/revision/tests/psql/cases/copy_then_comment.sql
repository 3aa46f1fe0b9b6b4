copy t from stdin; -- here it comes
1
\.
select 2;
