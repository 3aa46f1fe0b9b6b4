--- parents in another order
ALTER TABLE c NO INHERIT a;
ALTER TABLE c INHERIT a;
<=
ALTER TABLE c NO INHERIT b;
ALTER TABLE c INHERIT b;
--- more parents in another order
-- Unanswered: data loss: deletes the data of column b.w
ALTER TABLE b DROP COLUMN w;
ALTER TABLE a ADD COLUMN w integer;
-- table rewrite: b is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE b ALTER COLUMN y TYPE bigint;
ALTER TABLE c INHERIT d;
ALTER TABLE c NO INHERIT b;
ALTER TABLE c INHERIT b;
ALTER TABLE c NO INHERIT a;
ALTER TABLE c INHERIT a;
<=
ALTER TABLE c NO INHERIT d;
-- Unanswered: data loss: deletes the data of column a.w
ALTER TABLE a DROP COLUMN w;
-- depends on rows: fails if the rows of b.y do not fit
-- table rewrite: b is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE b ALTER COLUMN y TYPE integer;
ALTER TABLE b ADD COLUMN w integer;
ALTER TABLE c NO INHERIT b;
ALTER TABLE c INHERIT b;
--- inherited columns with parents in another order
ALTER TABLE c NO INHERIT a;
ALTER TABLE c INHERIT a;
<=
ALTER TABLE c NO INHERIT b;
ALTER TABLE c INHERIT b;
--- inherited columns that would become own ones with parents in another order
-- refused: cannot change TABLE c: its parents have another order, and what it inherits would become its own with NO INHERIT and INHERIT: write that revision by hand
--- another parent before the ones that stay
ALTER TABLE c INHERIT d;
ALTER TABLE c NO INHERIT a;
ALTER TABLE c INHERIT a;
ALTER TABLE c NO INHERIT b;
ALTER TABLE c INHERIT b;
<=
ALTER TABLE c NO INHERIT d;
--- checks and columns that a child has itself, too
ALTER TABLE a DROP CONSTRAINT x;
ALTER TABLE c DROP CONSTRAINT x;
ALTER TABLE d DROP CONSTRAINT x;
ALTER TABLE a ADD COLUMN w integer;
ALTER TABLE a ADD CONSTRAINT x CHECK (x > 1) NOT VALID;
ALTER TABLE c ADD CONSTRAINT x CHECK (x > 1) NOT VALID;
ALTER TABLE d ADD CONSTRAINT x CHECK (x > 1) NOT VALID;

-- depends on rows: fails if the rows of a do not fit
ALTER TABLE a VALIDATE CONSTRAINT x;
-- depends on rows: fails if the rows of c do not fit
ALTER TABLE c VALIDATE CONSTRAINT x;
-- depends on rows: fails if the rows of d do not fit
ALTER TABLE d VALIDATE CONSTRAINT x;
<=
ALTER TABLE a DROP CONSTRAINT x;
ALTER TABLE c DROP CONSTRAINT x;
ALTER TABLE d DROP CONSTRAINT x;
-- Unanswered: data loss: deletes the data of column a.w
ALTER TABLE a DROP COLUMN w;
ALTER TABLE a ADD CONSTRAINT x CHECK (x > 0) NOT VALID;
ALTER TABLE c ADD CONSTRAINT x CHECK (x > 0) NOT VALID;
ALTER TABLE d ADD CONSTRAINT x CHECK (x > 0) NOT VALID;

-- depends on rows: fails if the rows of a do not fit
ALTER TABLE a VALIDATE CONSTRAINT x;
-- depends on rows: fails if the rows of c do not fit
ALTER TABLE c VALIDATE CONSTRAINT x;
-- depends on rows: fails if the rows of d do not fit
ALTER TABLE d VALIDATE CONSTRAINT x;
--- a table with its columns in another order gets a parent
ALTER TABLE c INHERIT b;
<=
ALTER TABLE c NO INHERIT b;
--- a partition with its columns in another order
-- refused: cannot change TABLE p1: its columns and those of its partitioned table have another order, which no statement changes: declare it with CREATE TABLE and ATTACH PARTITION if the orders differ, or else with PARTITION OF: write that revision by hand
--- partitions in the order of their columns
ALTER TABLE p ADD COLUMN c integer;
ALTER TABLE p2 ADD COLUMN c integer;
ALTER TABLE p2 ADD CONSTRAINT p2_belongs CHECK (((a IS NOT NULL) AND (a = 2))) NOT VALID;
ALTER TABLE p3 ADD COLUMN c integer;
ALTER TABLE p3 ADD CONSTRAINT p3_belongs CHECK (((a IS NOT NULL) AND (a = 3))) NOT VALID;

-- depends on rows: fails if the rows of p2 do not fit
ALTER TABLE p2 VALIDATE CONSTRAINT p2_belongs;
-- depends on rows: fails if the rows of p3 do not fit
ALTER TABLE p3 VALIDATE CONSTRAINT p3_belongs;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2);
ALTER TABLE p2 DROP CONSTRAINT p2_belongs;
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES IN (3);
ALTER TABLE p3 DROP CONSTRAINT p3_belongs;
<=
ALTER TABLE p DETACH PARTITION p2;
ALTER TABLE p DETACH PARTITION p3;
-- Unanswered: data loss: deletes the data of column p3.c
ALTER TABLE p3 DROP COLUMN c;
-- Unanswered: data loss: deletes the data of column p2.c
ALTER TABLE p2 DROP COLUMN c;
-- Unanswered: data loss: deletes the data of column p.c
ALTER TABLE p DROP COLUMN c;
