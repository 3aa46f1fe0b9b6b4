create schema s create table t (a int) create view v as select 1; select 2;
