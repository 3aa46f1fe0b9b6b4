create table t (a int, b text);
copy t from stdin;
1	one; two
2	'three
\N	\\.
\.
select 2;
COPY public.t (a,
 b) FROM
 STDIN WITH (FORMAT csv);
1,"x;"
\.
select 3;
