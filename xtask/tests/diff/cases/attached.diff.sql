--- a table with an identity becomes a partition of one with an identity
ALTER TABLE p1a ADD CONSTRAINT p1a_belongs CHECK (((id IS NOT NULL) AND (id = 1))) NOT VALID;

-- depends on rows: fails if the rows of p1a do not fit
ALTER TABLE p1a VALIDATE CONSTRAINT p1a_belongs;
SELECT setval(pg_get_serial_sequence('p1', 'id'), greatest(max(id) + 1, nextval(pg_get_serial_sequence('p1', 'id'))), false) FROM p1a;
ALTER TABLE p1a ALTER COLUMN id DROP IDENTITY;
ALTER TABLE p1 ATTACH PARTITION p1a FOR VALUES IN (1);
ALTER TABLE p1a DROP CONSTRAINT p1a_belongs;
<=
ALTER TABLE p1 DETACH PARTITION p1a;
ALTER TABLE p1a ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('p1a', 'id'), coalesce(max(id), 0) + 1, false) FROM p1a;
--- the same with a column of another type
-- table rewrite: p1a is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE p1a ALTER COLUMN id TYPE integer;
ALTER TABLE p1a ADD CONSTRAINT p1a_belongs CHECK (((id IS NOT NULL) AND (id = 1))) NOT VALID;

-- depends on rows: fails if the rows of p1a do not fit
ALTER TABLE p1a VALIDATE CONSTRAINT p1a_belongs;
SELECT setval(pg_get_serial_sequence('p1', 'id'), greatest(max(id) + 1, nextval(pg_get_serial_sequence('p1', 'id'))), false) FROM p1a;
ALTER TABLE p1a ALTER COLUMN id DROP IDENTITY;
ALTER TABLE p1 ATTACH PARTITION p1a FOR VALUES IN (1);
ALTER TABLE p1a DROP CONSTRAINT p1a_belongs;
<=
ALTER TABLE p1 DETACH PARTITION p1a;
-- depends on rows: fails if the rows of p1a.id do not fit
-- table rewrite: p1a is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE p1a ALTER COLUMN id TYPE smallint;
ALTER TABLE p1a ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('p1a', 'id'), coalesce(max(id), 0) + 1, false) FROM p1a;
--- a partition that has partitions keeps an identity when it is detached
-- refused: cannot change TABLE p1a1: a table above it is attached, and PostgreSQL gives the identity to that table, but not to its partitions: detach this one before, and attach it afterwards: write that revision by hand
--- a partition that refers to its table leaves it, and refers to another one
ALTER TABLE p1a DROP CONSTRAINT p1a_n1_fkey;
ALTER TABLE p1 DETACH PARTITION p1a;
-- Unanswered: data loss: deletes the data of table p1
DROP TABLE p1;
CREATE TABLE p1b1 (
  id integer GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME p1_id_seq),
  n1 integer,
  s1 text
) PARTITION BY LIST (id);
ALTER TABLE ONLY p1b1 ADD CONSTRAINT p1_pkey PRIMARY KEY (id);
ALTER TABLE p1a ADD CONSTRAINT p1a_belongs CHECK (((id IS NOT NULL) AND (id = 1))) NOT VALID;

-- depends on rows: fails if the rows of p1a do not fit
ALTER TABLE p1a VALIDATE CONSTRAINT p1a_belongs;
SELECT setval(pg_get_serial_sequence('p1b1', 'id'), greatest(max(id) + 1, nextval(pg_get_serial_sequence('p1b1', 'id'))), false) FROM p1a;
ALTER TABLE p1b1 ATTACH PARTITION p1a FOR VALUES IN (1);
ALTER TABLE p1a DROP CONSTRAINT p1a_belongs;
ALTER TABLE p1a ADD CONSTRAINT p1a_n1_fkey FOREIGN KEY (n1) REFERENCES p1b1(id) NOT VALID;

-- depends on rows: fails if the rows of p1a do not fit
ALTER TABLE p1a VALIDATE CONSTRAINT p1a_n1_fkey;
<=
ALTER TABLE p1a DROP CONSTRAINT p1a_n1_fkey;
ALTER TABLE p1b1 DETACH PARTITION p1a;
-- Unanswered: data loss: deletes the data of table p1b1
DROP TABLE p1b1;
CREATE TABLE p1 (
  id integer GENERATED ALWAYS AS IDENTITY,
  n1 integer,
  s1 text
) PARTITION BY LIST (id);
ALTER TABLE ONLY p1 ADD CONSTRAINT p1_pkey PRIMARY KEY (id);
ALTER TABLE p1a ADD CONSTRAINT p1a_belongs CHECK (((id IS NOT NULL) AND (id = 1))) NOT VALID;

-- depends on rows: fails if the rows of p1a do not fit
ALTER TABLE p1a VALIDATE CONSTRAINT p1a_belongs;
SELECT setval(pg_get_serial_sequence('p1', 'id'), greatest(max(id) + 1, nextval(pg_get_serial_sequence('p1', 'id'))), false) FROM p1a;
ALTER TABLE p1 ATTACH PARTITION p1a FOR VALUES IN (1);
ALTER TABLE p1a DROP CONSTRAINT p1a_belongs;
ALTER TABLE p1a ADD CONSTRAINT p1a_n1_fkey FOREIGN KEY (n1) REFERENCES p1(id) NOT VALID;

-- depends on rows: fails if the rows of p1a do not fit
ALTER TABLE p1a VALIDATE CONSTRAINT p1a_n1_fkey;
--- a table with two equal foreign keys is attached: PostgreSQL takes the first
-- refused: cannot change TABLE p1b1: it has several foreign keys that are alike, and PostgreSQL attaches another one of them to that of the partitioned table: drop one of them: write that revision by hand
--- the same, where the first is the right one
SELECT setval(pg_get_serial_sequence('p1', 'id'), greatest(max(id) + 1, nextval(pg_get_serial_sequence('p1', 'id'))), false) FROM p1b1;
-- depends on rows: fails if the rows of p1b1 do not fit
-- blocking lock: p1b1 is scanned while writes are blocked
ALTER TABLE p1 ATTACH PARTITION p1b1 DEFAULT;
<=
-- depends on rows: fails if the rows of p1 do not fit
-- blocking lock: p1 is scanned while writes are blocked
-- depends on rows: fails if the rows of p1b1 do not fit
-- blocking lock: p1b1 is scanned while writes are blocked
ALTER TABLE p1 DETACH PARTITION p1b1;
--- a new partition, with a comment on an index that it gets
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10) WITH (fillfactor=70);
COMMENT ON INDEX p1a_id_idx IS 'one';
<=
-- Unanswered: data loss: deletes the data of table p1a
DROP TABLE p1a;
--- an exclusion constraint of a partitioned table alone
-- index build: building c1 takes time and I/O
ALTER TABLE ONLY p1 ADD CONSTRAINT c1 EXCLUDE USING btree (id WITH =);
<=
-- index dropped: queries that use c1 become slower
ALTER TABLE p1 DROP CONSTRAINT c1;
--- a new table with one
CREATE TABLE p1 (
  id integer NOT NULL,
  n1 integer
) PARTITION BY RANGE (id);
CREATE TABLE p2a PARTITION OF p1 (
  CONSTRAINT p2a_pkey PRIMARY KEY (id)
) FOR VALUES FROM (1) TO (10);
ALTER TABLE ONLY p1 ADD CONSTRAINT c1 EXCLUDE USING btree (id WITH =);
ALTER TABLE ONLY p1 ADD CONSTRAINT p1_pkey PRIMARY KEY (id);
ALTER INDEX p1_pkey ATTACH PARTITION p2a_pkey;
<=
-- Unanswered: data loss: deletes the data of table p1
DROP TABLE p1;
--- one that a partition lacks
-- refused: cannot change CONSTRAINT c1 ON p1: a partition is to lack it, which no statement does: drop it and add it again in the desired schema: write that revision by hand
--- a partition gets the exclusion constraint that its table has alone
-- index dropped: queries that use "Odd C" become slower
ALTER TABLE p1 DROP CONSTRAINT "Odd C";
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building "Odd C" takes time and I/O
-- blocking lock: p1 is scanned while writes are blocked
ALTER TABLE p1 ADD CONSTRAINT "Odd C" EXCLUDE USING btree (id WITH =);
<=
-- index dropped: queries that use "Odd C" become slower
ALTER TABLE p1 DROP CONSTRAINT "Odd C";
-- index build: building "Odd C" takes time and I/O
ALTER TABLE ONLY p1 ADD CONSTRAINT "Odd C" EXCLUDE USING btree (id WITH =);
--- the partition that lacks it goes
-- Unanswered: data loss: deletes the data of table p1a
DROP TABLE p1a;
-- index dropped: queries that use "Odd C" become slower
ALTER TABLE p1 DROP CONSTRAINT "Odd C";
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building "Odd C" takes time and I/O
-- blocking lock: p1 is scanned while writes are blocked
ALTER TABLE p1 ADD CONSTRAINT "Odd C" EXCLUDE USING btree (id WITH =);
<=
-- index dropped: queries that use "Odd C" become slower
ALTER TABLE p1 DROP CONSTRAINT "Odd C";
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (2, 3);
-- index build: building "Odd C" takes time and I/O
ALTER TABLE ONLY p1 ADD CONSTRAINT "Odd C" EXCLUDE USING btree (id WITH =);
--- a new partition with a key that is checked at another time than that of its table
-- refused: cannot change TABLE p1a: PostgreSQL gives a partition all indexes and keys of its table, of which it is to lack one or have another one: add it to the partition, or create that of the table without ONLY: write that revision by hand
--- a table with such a key is attached
ALTER TABLE p1a ADD CONSTRAINT p1a_belongs CHECK (((id IS NOT NULL) AND (id = 1))) NOT VALID;

-- depends on rows: fails if the rows of p1a do not fit
ALTER TABLE p1a VALIDATE CONSTRAINT p1a_belongs;
ALTER TABLE p1 ATTACH PARTITION p1a FOR VALUES IN (1);
ALTER TABLE p1a DROP CONSTRAINT p1a_belongs;
<=
ALTER TABLE p1 DETACH PARTITION p1a;
--- the sequence of an attached table has the name of something new
ALTER TABLE c ADD CONSTRAINT c_belongs CHECK (((r IS NOT NULL) AND (r >= 1) AND (r < 2))) NOT VALID;

-- depends on rows: fails if the rows of c do not fit
ALTER TABLE c VALIDATE CONSTRAINT c_belongs;
-- blocking lock: c is scanned while writes are blocked
SELECT setval(pg_get_serial_sequence('p', 'id'), greatest(max(id) + 1, nextval(pg_get_serial_sequence('p', 'id'))), false) FROM c;
ALTER TABLE c ALTER COLUMN id DROP IDENTITY;
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (1) TO (2);
ALTER TABLE c DROP CONSTRAINT c_belongs;
CREATE VIEW c_id_seq AS
 SELECT 1 AS one;
<=
DROP VIEW c_id_seq;

-- Transaction: off
-- index build: building c_id_fill takes time and I/O
CREATE INDEX CONCURRENTLY c_id_fill ON c USING btree (id);

ALTER TABLE p DETACH PARTITION c;
ALTER TABLE c ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
SELECT setval(pg_get_serial_sequence('c', 'id'), coalesce(max(id), 0) + 1, false) FROM c;
DROP INDEX c_id_fill;
--- a table that is attached refers to the partitioned table
CREATE TABLE p (
  a integer NOT NULL,
  b integer
) PARTITION BY LIST (a);
ALTER TABLE ONLY p ADD CONSTRAINT p_pkey PRIMARY KEY (a);
ALTER TABLE c ADD CONSTRAINT c_belongs CHECK (((a IS NOT NULL) AND (a = 1))) NOT VALID;

-- depends on rows: fails if the rows of c do not fit
ALTER TABLE c VALIDATE CONSTRAINT c_belongs;
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN (1);
ALTER TABLE c DROP CONSTRAINT c_belongs;
ALTER TABLE c ADD CONSTRAINT cf FOREIGN KEY (b) REFERENCES p(a) NOT VALID;

-- depends on rows: fails if the rows of c do not fit
ALTER TABLE c VALIDATE CONSTRAINT cf;
<=
ALTER TABLE c DROP CONSTRAINT cf;
ALTER TABLE p DETACH PARTITION c;
-- Unanswered: data loss: deletes the data of table p
DROP TABLE p;
--- a partitioned table that refers to itself gets a table with rows
CREATE TABLE p (
  a integer NOT NULL,
  b integer
) PARTITION BY LIST (a);
ALTER TABLE ONLY p ADD CONSTRAINT p_pkey PRIMARY KEY (a);
ALTER TABLE p ADD CONSTRAINT p_b_fkey FOREIGN KEY (b) REFERENCES p(a);
ALTER TABLE c ADD CONSTRAINT c_belongs CHECK (((a IS NOT NULL) AND (a = 1))) NOT VALID;

-- depends on rows: fails if the rows of c do not fit
ALTER TABLE c VALIDATE CONSTRAINT c_belongs;
-- depends on rows: fails if the rows of c do not fit
-- blocking lock: c is scanned while writes are blocked
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN (1);
ALTER TABLE c DROP CONSTRAINT c_belongs;
<=
-- depends on rows: fails if the rows of p do not fit
-- blocking lock: p is scanned while writes are blocked
ALTER TABLE p DETACH PARTITION c;
ALTER TABLE c DROP CONSTRAINT p_b_fkey;
-- Unanswered: data loss: deletes the data of table p
DROP TABLE p;
--- a detached partition has a sequence with other limits
-- Transaction: off
-- index build: building c_id_fill takes time and I/O
CREATE INDEX CONCURRENTLY c_id_fill ON c USING btree (id);

ALTER TABLE p DETACH PARTITION c;
ALTER TABLE c ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (MINVALUE 5 MAXVALUE 99 CYCLE);
SELECT setval(pg_get_serial_sequence('c', 'id'), greatest(max(id) + 1, 5), false) FROM c;
DROP INDEX c_id_fill;
<=
ALTER TABLE c ADD CONSTRAINT c_belongs CHECK (((r IS NOT NULL) AND (r >= 0) AND (r < 10))) NOT VALID;

-- depends on rows: fails if the rows of c do not fit
ALTER TABLE c VALIDATE CONSTRAINT c_belongs;
-- blocking lock: c is scanned while writes are blocked
SELECT setval(pg_get_serial_sequence('p', 'id'), greatest(max(id) + 1, nextval(pg_get_serial_sequence('p', 'id'))), false) FROM c;
ALTER TABLE c ALTER COLUMN id DROP IDENTITY;
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (0) TO (10);
ALTER TABLE c DROP CONSTRAINT c_belongs;
--- a partitioned table gets an identity and a table that had one
ALTER TABLE p ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
-- blocking lock: p is scanned while writes are blocked
SELECT setval(pg_get_serial_sequence('p', 'id'), coalesce(max(id), 0) + 1, false) FROM p;
ALTER TABLE c ADD CONSTRAINT c_belongs CHECK (((r IS NOT NULL) AND (r >= 0) AND (r < 10))) NOT VALID;

-- depends on rows: fails if the rows of c do not fit
ALTER TABLE c VALIDATE CONSTRAINT c_belongs;
-- blocking lock: c is scanned while writes are blocked
SELECT setval(pg_get_serial_sequence('p', 'id'), greatest(max(id) + 1, nextval(pg_get_serial_sequence('p', 'id'))), false) FROM c;
ALTER TABLE c ALTER COLUMN id DROP IDENTITY;
ALTER TABLE p ATTACH PARTITION c FOR VALUES FROM (0) TO (10);
ALTER TABLE c DROP CONSTRAINT c_belongs;
<=
-- Transaction: off
-- index build: building c_id_fill takes time and I/O
CREATE INDEX CONCURRENTLY c_id_fill ON c USING btree (id);

ALTER TABLE p DETACH PARTITION c;
ALTER TABLE c ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('c', 'id'), coalesce(max(id), 0) + 1, false) FROM c;
DROP INDEX c_id_fill;
ALTER TABLE p ALTER COLUMN id DROP IDENTITY;
--- settings and comments of indexes that come with partitions
CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
ALTER INDEX c_b_idx SET (fillfactor=50);
ALTER INDEX c_expr_idx ALTER COLUMN 1 SET STATISTICS 500;
COMMENT ON INDEX c_expr_idx IS 'x';
CREATE TABLE d PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (b);
CREATE TABLE e PARTITION OF d FOR VALUES IN (2);
ALTER INDEX e_b_idx RESET (fillfactor);
ALTER INDEX e_a_idx SET (fillfactor=50);
COMMENT ON INDEX e_a_idx IS 'y';
<=
-- Unanswered: data loss: deletes the data of table d
DROP TABLE d;
-- Unanswered: data loss: deletes the data of table c
DROP TABLE c;
