copy /* hi */ t from -- c
 stdin;
1
\.
select 2;
