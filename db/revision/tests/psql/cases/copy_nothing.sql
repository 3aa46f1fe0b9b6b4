copy t from stdin;
\.
copy (select 1) to stdout; copy t from '/tmp/x;y'; copy t to stdin; select 2;
