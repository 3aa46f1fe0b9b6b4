--- a foreign key that refers to a primary key beside an equal key
ALTER TABLE p ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;

-- depends on rows: fails if the rows of p.id do not fit
ALTER TABLE p VALIDATE CONSTRAINT id_is_not_null;
ALTER TABLE p ALTER COLUMN id SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT id_is_not_null;

-- Transaction: off
-- depends on rows: fails if the rows of p do not fit
-- index build: building p_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p_pkey ON p USING btree (id);

ALTER TABLE p ADD CONSTRAINT p_pkey PRIMARY KEY USING INDEX p_pkey;
ALTER TABLE f ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p NOT VALID;

-- depends on rows: fails if the rows of f do not fit
ALTER TABLE f VALIDATE CONSTRAINT fk;
<=
ALTER TABLE f DROP CONSTRAINT fk;
-- index dropped: queries that use p_pkey become slower
ALTER TABLE p DROP CONSTRAINT p_pkey;
ALTER TABLE p ALTER COLUMN id DROP NOT NULL;
--- a foreign key that is to refer to the newer one of two equal keys
-- refused: cannot change CONSTRAINT fk ON f: it is to refer to one of two keys on the same columns, and PostgreSQL takes the other one, which was created first: drop one of them: write that revision by hand
--- foreign keys of a new table to the key with the later name
-- refused: cannot change CONSTRAINT fk ON f: it is to refer to one of two keys on the same columns, and PostgreSQL takes the other one, which was created first: drop one of them: write that revision by hand
-- refused: cannot change CONSTRAINT fk2 ON f: it is to refer to one of two keys on the same columns, and PostgreSQL takes the other one, which was created first: drop one of them: write that revision by hand
--- foreign keys to a new partitioned table with two equal keys
-- Unanswered: data loss: deletes the data of table x
DROP TABLE x;
CREATE TABLE f (
  id integer,
  a integer
);
CREATE TABLE p (
  id integer,
  n integer
) PARTITION BY LIST (id);
ALTER TABLE ONLY p ADD CONSTRAINT z UNIQUE (id);
ALTER TABLE f ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p(id);
ALTER TABLE f ADD CONSTRAINT fk2 FOREIGN KEY (a) REFERENCES p(id) ON DELETE CASCADE;
ALTER TABLE ONLY p ADD CONSTRAINT a UNIQUE (id);
<=
-- Unanswered: data loss: deletes the data of table f
DROP TABLE f;
-- Unanswered: data loss: deletes the data of table p
DROP TABLE p;
CREATE TABLE x (
  id integer
);
--- foreign keys to equal keys with other orders of the columns
CREATE TABLE f (
  a integer,
  b integer
);
ALTER TABLE f ADD CONSTRAINT f_a_b_fkey FOREIGN KEY (a, b) REFERENCES p;
ALTER TABLE f ADD CONSTRAINT f_a_b_fkey1 FOREIGN KEY (a, b) REFERENCES p(b, a);
<=
-- Unanswered: data loss: deletes the data of table f
DROP TABLE f;
--- the same to a new table
-- Unanswered: data loss: deletes the data of table x
DROP TABLE x;
CREATE TABLE f (
  a integer,
  b integer
);
CREATE TABLE p (
  a integer NOT NULL,
  b integer NOT NULL,
  CONSTRAINT a PRIMARY KEY (a, b),
  CONSTRAINT z UNIQUE (b, a)
);
ALTER TABLE f ADD CONSTRAINT f_a_b_fkey FOREIGN KEY (a, b) REFERENCES p;
ALTER TABLE f ADD CONSTRAINT f_a_b_fkey1 FOREIGN KEY (a, b) REFERENCES p(b, a);
<=
-- Unanswered: data loss: deletes the data of table f
DROP TABLE f;
-- Unanswered: data loss: deletes the data of table p
DROP TABLE p;
CREATE TABLE x (
  id integer
);
--- a table with two equal keys becomes a partition
-- refused: cannot change TABLE p1a: it has several indexes or keys that are alike, and PostgreSQL attaches another one of them to that of the partitioned table: drop one of them: write that revision by hand
--- a table with equal indexes that have other storage parameters becomes a partition
-- refused: cannot change TABLE p1: it has several indexes or keys that are alike, and PostgreSQL attaches another one of them to that of the partitioned table: drop one of them: write that revision by hand
