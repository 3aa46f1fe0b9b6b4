--- a table with an identity becomes a partition of one with an identity
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY) PARTITION BY LIST (id);
CREATE  TABLE p1a (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
=>
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1);
--- the same with a column of another type
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY) PARTITION BY LIST (id);
CREATE  TABLE p1a (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
=>
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1);
--- a partition that has partitions keeps an identity when it is detached
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY, b int, PRIMARY KEY (id, b)) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1) PARTITION BY LIST (b);
CREATE TABLE p1a1 PARTITION OF p1a FOR VALUES IN (1);
=>
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY, b int, PRIMARY KEY (id, b)) PARTITION BY LIST (id);
CREATE TABLE p1a (id integer GENERATED ALWAYS AS IDENTITY, b int, PRIMARY KEY (id, b)) PARTITION BY LIST (b);
CREATE TABLE p1a1 PARTITION OF p1a FOR VALUES IN (1);
--- a partition that refers to its table leaves it, and refers to another one
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY, n1 integer, s1 text, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE p1a ADD FOREIGN KEY (n1) REFERENCES p1 (id);
=>
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY, n1 integer, s1 text, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE p1a ADD FOREIGN KEY (n1) REFERENCES p1 (id);
ALTER TABLE p1 RENAME TO p1b1;
--- a table with two equal foreign keys is attached: PostgreSQL takes the first
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY, n1 integer, s1 text, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE p1b1 PARTITION OF p1 DEFAULT WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE p1 ADD CONSTRAINT p1_n1_key FOREIGN KEY (n1) REFERENCES p1 (id);
ALTER TABLE p1b1 ADD CONSTRAINT c2 FOREIGN KEY (n1) REFERENCES p1 (id);
ALTER TABLE p1 DETACH PARTITION p1b1;
=>
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY, n1 integer, s1 text, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE p1b1 PARTITION OF p1 DEFAULT WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE p1 ADD CONSTRAINT p1_n1_key FOREIGN KEY (n1) REFERENCES p1 (id);
ALTER TABLE p1b1 ADD CONSTRAINT c2 FOREIGN KEY (n1) REFERENCES p1 (id);
--- the same, where the first is the right one
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY, n1 integer, s1 text, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE p1b1 PARTITION OF p1 DEFAULT WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE p1 ADD CONSTRAINT p1_n1_key FOREIGN KEY (n1) REFERENCES p1 (id);
ALTER TABLE p1b1 ADD CONSTRAINT z2 FOREIGN KEY (n1) REFERENCES p1 (id);
ALTER TABLE p1 DETACH PARTITION p1b1;
=>
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY, n1 integer, s1 text, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE p1b1 PARTITION OF p1 DEFAULT WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE p1 ADD CONSTRAINT p1_n1_key FOREIGN KEY (n1) REFERENCES p1 (id);
ALTER TABLE p1b1 ADD CONSTRAINT z2 FOREIGN KEY (n1) REFERENCES p1 (id);
--- a new partition, with a comment on an index that it gets
CREATE TABLE p1 (id integer DEFAULT 0, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE  INDEX i2 ON  p1 USING hash (id);
=>
CREATE TABLE p1 (id integer DEFAULT 0, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10) WITH (fillfactor = 70);
CREATE  INDEX i2 ON  p1 USING hash (id);
COMMENT ON INDEX p1a_id_idx IS 'one';
--- an exclusion constraint of a partitioned table alone
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p2a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p2a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
ALTER TABLE ONLY p1 ADD CONSTRAINT c1 EXCLUDE USING btree (id WITH =);
--- a new table with one

=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p2a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
ALTER TABLE ONLY p1 ADD CONSTRAINT c1 EXCLUDE USING btree (id WITH =);
--- one that a partition lacks

=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p2a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p2b PARTITION OF p1 FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE p2b1 PARTITION OF p2b FOR VALUES FROM (10) TO (20);
ALTER TABLE ONLY p1 ADD CONSTRAINT c1 EXCLUDE USING btree (id WITH =);
CREATE TABLE p2c PARTITION OF p1 FOR VALUES FROM (20) TO (30);
--- a partition gets the exclusion constraint that its table has alone
CREATE TABLE p1 (id integer NOT NULL) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (2, 3);
ALTER TABLE ONLY p1 ADD CONSTRAINT "Odd C" EXCLUDE USING btree (id WITH =);
=>
CREATE TABLE p1 (id integer NOT NULL) PARTITION BY LIST (id);
ALTER TABLE ONLY p1 ADD CONSTRAINT "Odd C" EXCLUDE USING btree (id WITH =);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (2, 3);
--- the partition that lacks it goes
CREATE TABLE p1 (id integer NOT NULL) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (2, 3);
ALTER TABLE ONLY p1 ADD CONSTRAINT "Odd C" EXCLUDE USING btree (id WITH =);
=>
CREATE TABLE p1 (id integer NOT NULL) PARTITION BY LIST (id);
ALTER TABLE ONLY p1 ADD CONSTRAINT "Odd C" EXCLUDE USING btree (id WITH =);
--- a new partition with a key that is checked at another time than that of its table
CREATE TABLE p1 (id integer UNIQUE DEFERRABLE) PARTITION BY LIST (id);
=>
CREATE TABLE p1 (id integer UNIQUE DEFERRABLE) PARTITION BY LIST (id);
CREATE TABLE p1a (id integer UNIQUE);
ALTER TABLE p1 ATTACH PARTITION p1a FOR VALUES IN (1);
--- a table with such a key is attached
CREATE TABLE p1 (id integer UNIQUE DEFERRABLE) PARTITION BY LIST (id);
CREATE TABLE p1a (id integer UNIQUE);
=>
CREATE TABLE p1 (id integer UNIQUE DEFERRABLE) PARTITION BY LIST (id);
CREATE TABLE p1a (id integer UNIQUE);
ALTER TABLE p1 ATTACH PARTITION p1a FOR VALUES IN (1);
--- the sequence of an attached table has the name of something new
CREATE TABLE p(id bigint GENERATED ALWAYS AS IDENTITY, r int NOT NULL) PARTITION BY RANGE (r);
CREATE TABLE c(id bigint GENERATED BY DEFAULT AS IDENTITY, r int NOT NULL);
=>
CREATE TABLE p(id bigint GENERATED ALWAYS AS IDENTITY, r int NOT NULL) PARTITION BY RANGE (r);
CREATE TABLE c PARTITION OF p FOR VALUES FROM (1) TO (2);
CREATE VIEW c_id_seq AS SELECT 1 AS one;
--- a table that is attached refers to the partitioned table
CREATE TABLE c(a int PRIMARY KEY, b int);
=>
CREATE TABLE p(a int PRIMARY KEY, b int) PARTITION BY LIST (a);
CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
ALTER TABLE c ADD CONSTRAINT cf FOREIGN KEY (b) REFERENCES p;
--- a partitioned table that refers to itself gets a table with rows
CREATE TABLE c(a int PRIMARY KEY, b int);
=>
CREATE TABLE p(a int PRIMARY KEY, b int REFERENCES p) PARTITION BY LIST (a);
CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
--- a detached partition has a sequence with other limits
CREATE TABLE p(id bigint GENERATED ALWAYS AS IDENTITY, r int NOT NULL) PARTITION BY RANGE (r);
CREATE TABLE c PARTITION OF p FOR VALUES FROM (0) TO (10);
=>
CREATE TABLE p(id bigint GENERATED ALWAYS AS IDENTITY, r int NOT NULL) PARTITION BY RANGE (r);
CREATE TABLE c(id bigint GENERATED BY DEFAULT AS IDENTITY (MINVALUE 5 MAXVALUE 99 CYCLE), r int NOT NULL);
--- a partitioned table gets an identity and a table that had one
CREATE TABLE p(id bigint NOT NULL, r int NOT NULL) PARTITION BY RANGE (r);
CREATE TABLE c(id bigint GENERATED ALWAYS AS IDENTITY, r int NOT NULL);
=>
CREATE TABLE p(id bigint GENERATED ALWAYS AS IDENTITY, r int NOT NULL) PARTITION BY RANGE (r);
CREATE TABLE c PARTITION OF p FOR VALUES FROM (0) TO (10);
--- settings and comments of indexes that come with partitions
CREATE TABLE p(a int, b int) PARTITION BY LIST (a); CREATE INDEX pi ON p(b) WITH (fillfactor=60); CREATE INDEX pe ON p((b+1)); ALTER INDEX pe ALTER COLUMN 1 SET STATISTICS 500; CREATE INDEX pc ON p(a);
=>
CREATE TABLE p(a int, b int) PARTITION BY LIST (a); CREATE INDEX pi ON p(b) WITH (fillfactor=60);CREATE INDEX pe ON p((b+1)); ALTER INDEX pe ALTER COLUMN 1 SET STATISTICS 500; CREATE INDEX pc ON p(a);
CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
CREATE TABLE d PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (b);
CREATE TABLE e PARTITION OF d FOR VALUES IN (2);
ALTER INDEX c_b_idx SET (fillfactor=50);
ALTER INDEX c_expr_idx ALTER COLUMN 1 SET STATISTICS 500;
COMMENT ON INDEX c_expr_idx IS 'x';
ALTER INDEX e_a_idx SET (fillfactor=50);
ALTER INDEX e_b_idx RESET (fillfactor);
COMMENT ON INDEX e_a_idx IS 'y';
