-- first;
/* a; /* nested; */ */ select 1 /* ; */ -- ;
, 2; /* between */ -- dropped
select 3;
