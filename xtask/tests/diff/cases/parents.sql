--- parents in another order
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c (x int, y int) INHERITS (a, b);
=>
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c (x int, y int) INHERITS (b, a);
--- more parents in another order
CREATE TABLE a (x int, CONSTRAINT x CHECK (x > 0));
CREATE TABLE b (y int, w int);
CREATE TABLE d (z int);
CREATE TABLE c (x int, y int, z int, w int, CONSTRAINT x CHECK (x > 0)) INHERITS (a, b);
=>
CREATE TABLE a (x int, w int, CONSTRAINT x CHECK (x > 0));
CREATE TABLE b (y bigint);
CREATE TABLE d (z int);
CREATE TABLE c (x int, y bigint, z int, w int, CONSTRAINT x CHECK (x > 0)) INHERITS (d, b, a);
--- inherited columns with parents in another order
CREATE TABLE a (x int);
CREATE TABLE b (x int);
CREATE TABLE c () INHERITS (a, b);
=>
CREATE TABLE a (x int);
CREATE TABLE b (x int);
CREATE TABLE c () INHERITS (b, a);
--- inherited columns that would become own ones with parents in another order
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c () INHERITS (a, b);
=>
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE c () INHERITS (b, a);
--- another parent before the ones that stay
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE d (x int);
CREATE TABLE c (y int) INHERITS (a, b);
=>
CREATE TABLE a (x int);
CREATE TABLE b (y int);
CREATE TABLE d (x int);
CREATE TABLE c (y int) INHERITS (d, a, b);
--- checks and columns that a child has itself, too
CREATE TABLE a (x int, CONSTRAINT x CHECK (x > 0));
CREATE TABLE c (x int, w int, CONSTRAINT x CHECK (x > 0)) INHERITS (a);
CREATE TABLE d (x int, w int, CONSTRAINT x CHECK (x > 0)) INHERITS (c);
=>
CREATE TABLE a (x int, w int, CONSTRAINT x CHECK (x > 1));
CREATE TABLE c (x int, w int, CONSTRAINT x CHECK (x > 1)) INHERITS (a);
CREATE TABLE d (x int, w int, CONSTRAINT x CHECK (x > 1)) INHERITS (c);
--- a table with its columns in another order gets a parent
CREATE TABLE b (y int);
CREATE TABLE c (x int, y int);
=>
CREATE TABLE b (y int);
CREATE TABLE c (x int, y int) INHERITS (b);
--- a partition with its columns in another order
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 (b int, a int);
CREATE TABLE p2 (a int, b int);
CREATE TABLE p3 (b int, a int);
=>
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE p3 (b int, a int);
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES IN (3);
--- partitions in the order of their columns
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p2 (a int, b int);
CREATE TABLE p3 (b int, a int);
=>
CREATE TABLE p (a int, b int, c int) PARTITION BY LIST (a);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE p3 (b int, a int, c int);
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES IN (3);
--- new columns of which children have another default or none, and are NOT NULL
CREATE TABLE a (id int);
CREATE TABLE a1 () INHERITS (a);
CREATE TABLE a2 () INHERITS (a1);
CREATE TABLE p (a text) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
CREATE TABLE p2 PARTITION OF p FOR VALUES IN ('b');
=>
CREATE TABLE a (id int, b int DEFAULT 4, c int DEFAULT 1, d int DEFAULT 1, e int);
CREATE TABLE a1 () INHERITS (a);
CREATE TABLE a2 () INHERITS (a1);
ALTER TABLE a1 ALTER b DROP DEFAULT, ALTER c SET DEFAULT 2, ALTER e SET NOT NULL;
ALTER TABLE ONLY a1 ALTER d SET DEFAULT 2;
CREATE TABLE p (a text, b bytea, c int DEFAULT 3 NOT NULL) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p (b NOT NULL) FOR VALUES IN ('a');
CREATE TABLE p2 PARTITION OF p (CONSTRAINT p2_key PRIMARY KEY (a, b)) FOR VALUES IN ('b');
ALTER TABLE p2 ALTER c DROP DEFAULT;
--- an inherited column of another type, in a table with another parent
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE one (e mood);
CREATE TABLE child (z integer) INHERITS (one);
=>
CREATE TYPE feeling AS ENUM ('a', 'b');
CREATE TABLE other (e feeling);
CREATE TABLE child (z integer) INHERITS (other);
--- renamed checks that partitions and children have, with comments of their own
CREATE TABLE p (id int, CONSTRAINT c CHECK (id > 0));
CREATE TABLE k (x int) INHERITS (p);
CREATE TABLE k2 (x int, CONSTRAINT c CHECK (id > 0)) INHERITS (p);
CREATE TABLE kk () INHERITS (k, k2);
COMMENT ON CONSTRAINT c ON k IS 'only here';
=>
CREATE TABLE p (id int, CONSTRAINT d CHECK (id > 0));
CREATE TABLE k (x int) INHERITS (p);
CREATE TABLE k2 (x int, CONSTRAINT d CHECK (id > 0)) INHERITS (p);
CREATE TABLE kk () INHERITS (k, k2);
COMMENT ON CONSTRAINT d ON k IS 'only here';
--- renamed checks of partitions on two levels
CREATE TABLE p (id int, CONSTRAINT c CHECK (id > 0)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p (CONSTRAINT c CHECK (id > 0)) FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE p21 PARTITION OF p2 FOR VALUES FROM (10) TO (20);
COMMENT ON CONSTRAINT c ON p21 IS 'only here';
=>
CREATE TABLE p (id int, CONSTRAINT d CHECK (id > 0)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p (CONSTRAINT d CHECK (id > 0)) FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE p21 PARTITION OF p2 FOR VALUES FROM (10) TO (20);
COMMENT ON CONSTRAINT d ON p21 IS 'only here';
--- renamed foreign keys of partitions, to and from partitioned tables
CREATE TABLE u (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE u1 PARTITION OF u FOR VALUES FROM (1) TO (10);
CREATE TABLE p (id int, CONSTRAINT c FOREIGN KEY (id) REFERENCES u) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE q (id int, CONSTRAINT e FOREIGN KEY (id) REFERENCES u);
=>
CREATE TABLE u (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE u1 PARTITION OF u FOR VALUES FROM (1) TO (10);
CREATE TABLE p (id int, CONSTRAINT d FOREIGN KEY (id) REFERENCES u) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE q (id int, CONSTRAINT f FOREIGN KEY (id) REFERENCES u);
--- renamed keys and indexes of partitioned tables
CREATE TABLE p (id int, x int, CONSTRAINT c PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE p21 PARTITION OF p2 FOR VALUES FROM (10) TO (20);
CREATE INDEX ix ON p (x);
=>
CREATE TABLE p (id int, x int, CONSTRAINT d PRIMARY KEY (id)) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
CREATE TABLE p21 PARTITION OF p2 FOR VALUES FROM (10) TO (20);
CREATE INDEX iy ON p (x);
--- renamed keys and indexes of partitions, with comments
CREATE TABLE p (id int, x int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE INDEX ix ON p (x);
ALTER INDEX p1_x_idx RENAME TO foo;
ALTER TABLE p ADD CONSTRAINT uu UNIQUE (id);
ALTER TABLE p1 RENAME CONSTRAINT p1_id_key TO bar;
COMMENT ON INDEX foo IS 'foo';
COMMENT ON CONSTRAINT bar ON p1 IS 'bar';
=>
CREATE TABLE p (id int, x int) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE INDEX iy ON p (x);
ALTER INDEX p1_x_idx RENAME TO foo2;
ALTER TABLE p ADD CONSTRAINT vv UNIQUE (id);
ALTER TABLE p1 RENAME CONSTRAINT p1_id_key TO bar2;
COMMENT ON INDEX foo2 IS 'foo';
COMMENT ON CONSTRAINT bar2 ON p1 IS 'bar';
--- a new partition of a table with indexes that get names with numbers
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE INDEX i1 ON p1 (n1);
CREATE INDEX i2 ON p1 (n1) WHERE s1 > 'a';
CREATE INDEX i3 ON p1 (n1 DESC);
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE INDEX i1 ON p1 (n1);
CREATE INDEX i2 ON p1 (n1) WHERE s1 > 'a';
CREATE INDEX i3 ON p1 (n1 DESC);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
--- a new partition whose indexes have each other's usual names
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE INDEX i1 ON p1 (n1);
CREATE INDEX i2 ON p1 (n1) WHERE s1 > 'a';
CREATE INDEX i3 ON p1 (n1 DESC);
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE INDEX i1 ON p1 (n1);
CREATE INDEX i2 ON p1 (n1) WHERE s1 > 'a';
CREATE INDEX i3 ON p1 (n1 DESC);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
ALTER INDEX p1a_n1_idx RENAME TO x; ALTER INDEX p1a_n1_idx1 RENAME TO p1a_n1_idx; ALTER INDEX x RENAME TO p1a_n1_idx1;
--- a new partition whose index can't have the usual name
CREATE TABLE p1 (id integer DEFAULT (1 + 2) NOT NULL, n1 integer, s1 text) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 DEFAULT WITH (fillfactor = 70);
ALTER TABLE p1 ADD PRIMARY KEY (id, n1);
ALTER TABLE p1a RENAME TO renamed;
=>
CREATE TABLE p1 (id integer DEFAULT (1 + 2) NOT NULL, n1 integer, s1 text) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 DEFAULT WITH (fillfactor = 70);
ALTER TABLE p1 ADD PRIMARY KEY (id, n1);
ALTER TABLE p1a RENAME TO renamed;
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (2, 3) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
--- a partition that is replaced and has other bounds
CREATE TABLE p1 (id integer DEFAULT 7, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (10) TO (20) WITH (fillfactor = 70);
=>
CREATE TABLE p1 (id integer DEFAULT 7, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (1) TO (10) PARTITION BY LIST (id);
--- partitions that are detached or get other bounds, with a foreign key that refers to them
CREATE TABLE p1 (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (10) TO (20);
CREATE TABLE child (id int REFERENCES p1);
=>
CREATE TABLE p1 (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE p1a (id integer PRIMARY KEY);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (20) TO (30);
CREATE TABLE child (id int REFERENCES p1);
--- a partitioned key that is complete when a partition goes
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b1 PARTITION OF p1 FOR VALUES FROM (10) TO (20);
ALTER TABLE ONLY p1 ADD CONSTRAINT c1 UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
ALTER TABLE ONLY p1 ADD CONSTRAINT c1 UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
--- a new partition that is partitioned itself, with indexes
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE INDEX i1 ON p1 (n1);
CREATE INDEX i2 ON p1 (n1) WHERE s1 > 'a';
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE INDEX i1 ON p1 (n1);
CREATE INDEX i2 ON p1 (n1) WHERE s1 > 'a';
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id);
CREATE TABLE p1b1 PARTITION OF p1b FOR VALUES IN (11);
--- a new partition whose key can't have the usual name because a check has it
CREATE  TABLE second (id serial PRIMARY KEY, n1 integer, s1 text) WITH (fillfactor = 70);
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
ALTER TABLE second ADD CONSTRAINT p1a_pkey CHECK (n1 > 0) NO INHERIT;
=>
CREATE  TABLE second (id serial PRIMARY KEY, n1 integer, s1 text) WITH (fillfactor = 70);
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1a (LIKE p1 INCLUDING ALL); ALTER TABLE p1 ATTACH PARTITION p1a FOR VALUES FROM (10) TO (20);
ALTER TABLE second ADD CONSTRAINT p1a_pkey CHECK (n1 > 0) NO INHERIT;
--- a new partition of a table with a check that is not valid
CREATE TABLE p1 (id integer DEFAULT (1 + 2), n1 integer, s1 text) PARTITION BY RANGE (id);
ALTER TABLE p1 ADD CONSTRAINT p1a_id_fkey CHECK (id > 0) NOT VALID;
=>
CREATE TABLE p1 (id integer DEFAULT (1 + 2), n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 (n1 DEFAULT 9 NOT NULL, CONSTRAINT p1a_n1_key CHECK (n1 > 1)) FOR VALUES FROM (10) TO (20);
ALTER TABLE p1 ADD CONSTRAINT p1a_id_fkey CHECK (id > 0) NOT VALID;
--- a renamed key of a partition, with storage parameters
CREATE TABLE p1 (id integer DEFAULT (1 + 2), n1 smallint, n2 bigint DEFAULT 42 NOT NULL, s1 varchar(50) DEFAULT CURRENT_USER, PRIMARY KEY (id, n1)) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 DEFAULT;
=>
CREATE TABLE p1 (id integer DEFAULT (1 + 2), n1 smallint, n2 bigint DEFAULT 42 NOT NULL, s1 varchar(50) DEFAULT CURRENT_USER, PRIMARY KEY (id, n1)) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 DEFAULT;
ALTER INDEX p1a_pkey RENAME TO p1a_n1_idx;
ALTER INDEX p1a_n1_idx SET (fillfactor = 80);
ALTER INDEX p1a_n1_idx SET (fillfactor = 80);
--- a partition without an index that its table has only for itself
CREATE TABLE p1 (id integer, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b1 (LIKE p1 INCLUDING ALL); ALTER TABLE p1 ATTACH PARTITION p1b1 FOR VALUES FROM (1) TO (10);
ALTER TABLE p1 ADD PRIMARY KEY (id);
ALTER TABLE p1 DETACH PARTITION p1b1;
=>
CREATE TABLE p1 (id integer, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b1 (LIKE p1 INCLUDING ALL); ALTER TABLE p1 ATTACH PARTITION p1b1 FOR VALUES FROM (1) TO (10);
ALTER TABLE p1b1 ADD CONSTRAINT c1 UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE p1 ADD PRIMARY KEY (id);
--- a partition with other bounds without such an index
CREATE TABLE p1 (id integer NOT NULL, n1 integer, s1 text) PARTITION BY LIST (id);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES IN (2, 3) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE p1 DETACH PARTITION p1b; ALTER TABLE p1 ATTACH PARTITION p1b DEFAULT;
ALTER TABLE ONLY p1 ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
=>
CREATE TABLE p1 (id integer NOT NULL, n1 integer, s1 text) PARTITION BY LIST (id);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES IN (2, 3) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE ONLY p1 ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
--- an invalid index of a partitioned table that no partition lacks

=>
CREATE TABLE p1 (id integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b1 PARTITION OF p1 FOR VALUES FROM (10) TO (20);
CREATE INDEX i ON ONLY p1 (s1);
ALTER TABLE p1 DETACH PARTITION p1b1; ALTER TABLE p1 ATTACH PARTITION p1b1 FOR VALUES FROM (1) TO (10);
--- a column of a child that accepts NULL where that of its parent no longer does
CREATE  TABLE t1 (id smallint, n1 integer, s1 text);
CREATE TABLE second (n1 integer DEFAULT 5) INHERITS (t1);
ALTER TABLE second NO INHERIT t1;
CREATE TABLE child (z1 integer) INHERITS (t1);
CREATE TABLE grandchild () INHERITS (child, second);
=>
CREATE  TABLE t1 (id smallint, n1 integer, s1 text);
CREATE TABLE second (n1 integer DEFAULT 5) INHERITS (t1);
ALTER TABLE second NO INHERIT t1;
CREATE TABLE child (z1 integer) INHERITS (t1);
CREATE TABLE grandchild () INHERITS (child, second);
ALTER TABLE second ALTER COLUMN n1 SET NOT NULL;
ALTER TABLE t1 ALTER COLUMN n1 DROP NOT NULL;
--- a table that becomes a partitioned one, with another type of its key
CREATE TABLE p1 (id bigint PRIMARY KEY);
=>
CREATE TABLE p1 (id integer, PRIMARY KEY (id)) PARTITION BY LIST (id);
--- a foreign key of a partitioned table that becomes deferrable
CREATE TABLE p1 (id integer NOT NULL, n1 integer, s1 text, PRIMARY KEY (id), CHECK (n1 > 0)) PARTITION BY LIST (id);
CREATE TABLE p1a (LIKE p1 INCLUDING ALL); ALTER TABLE p1 ATTACH PARTITION p1a FOR VALUES IN (1);
CREATE TABLE p1b1 PARTITION OF p1 DEFAULT WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE p1 DETACH PARTITION p1a;
ALTER TABLE p1 ADD CONSTRAINT c1 FOREIGN KEY (id) REFERENCES p1a (id);
=>
CREATE TABLE p1 (id integer NOT NULL, n1 integer, s1 text, PRIMARY KEY (id), CHECK (n1 > 0)) PARTITION BY LIST (id);
CREATE TABLE p1a (LIKE p1 INCLUDING ALL); ALTER TABLE p1 ATTACH PARTITION p1a FOR VALUES IN (1);
CREATE TABLE p1b1 PARTITION OF p1 DEFAULT WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE p1 DETACH PARTITION p1a;
ALTER TABLE p1 ADD CONSTRAINT c1 FOREIGN KEY (id) REFERENCES p1a (id);
ALTER TABLE p1 ALTER CONSTRAINT c1 DEFERRABLE;
--- comments of the keys of new partitions
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY, n1 integer, s1 text, PRIMARY KEY (id)) PARTITION BY LIST (id);
=>
CREATE TABLE p1 (id integer GENERATED ALWAYS AS IDENTITY, n1 integer, s1 text, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1);
COMMENT ON CONSTRAINT p1a_pkey ON p1a IS E'a\nb';
--- a comment of a key of a new partition whose table has only an index
CREATE TABLE p1 (id integer, n1 integer) PARTITION BY LIST (id);
CREATE UNIQUE INDEX i ON p1 (id);
=>
CREATE TABLE p1 (id integer, n1 integer) PARTITION BY LIST (id);
CREATE UNIQUE INDEX i ON p1 (id);
CREATE TABLE p1a (id integer, n1 integer, CONSTRAINT k UNIQUE (id));
ALTER TABLE p1 ATTACH PARTITION p1a FOR VALUES IN (1);
COMMENT ON CONSTRAINT k ON p1a IS 'k';
--- a foreign key that refers to a new partitioned table with two equal keys
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
ALTER TABLE p1 ADD UNIQUE (id);
CREATE UNLOGGED TABLE child (id smallint PRIMARY KEY, n1 integer, s1 text);
ALTER TABLE child ADD CONSTRAINT c1 FOREIGN KEY (n1) REFERENCES p1 (id);
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
ALTER TABLE p1 ADD UNIQUE (id);
CREATE UNLOGGED TABLE child (id smallint PRIMARY KEY, n1 integer, s1 text);
ALTER TABLE child ADD CONSTRAINT c1 FOREIGN KEY (n1) REFERENCES p1 (id);
ALTER TABLE p1 RENAME TO renamed;
--- an incomplete key of a partitioned table that is completed
CREATE TABLE p(a int NOT NULL) PARTITION BY RANGE(a); CREATE TABLE l PARTITION OF p FOR VALUES FROM (0) TO (5);
ALTER TABLE l ADD PRIMARY KEY (a);
ALTER TABLE ONLY p ADD PRIMARY KEY (a);
=>
CREATE TABLE p(a int NOT NULL) PARTITION BY RANGE(a); CREATE TABLE l PARTITION OF p FOR VALUES FROM (0) TO (5);
ALTER TABLE l ADD PRIMARY KEY (a);
ALTER TABLE ONLY p ADD PRIMARY KEY (a);
ALTER INDEX p_pkey ATTACH PARTITION l_pkey;
--- a foreign table that becomes a partition of a table with an index
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE INDEX p_i ON p (a);
=>
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE INDEX p_i ON p (a);
CREATE FOREIGN TABLE l PARTITION OF p FOR VALUES FROM (1) TO (2) SERVER s;
--- new partitions whose indexes would have the same long name
CREATE TABLE p (d int, a_rather_long_column_name int, another_rather_long_column_name int) PARTITION BY RANGE (d);
CREATE INDEX ON p (a_rather_long_column_name, another_rather_long_column_name);
=>
CREATE TABLE p (d int, a_rather_long_column_name int, another_rather_long_column_name int) PARTITION BY RANGE (d);
CREATE INDEX ON p (a_rather_long_column_name, another_rather_long_column_name);
CREATE TABLE events_of_the_customers_in_europe_and_asia_2024_01 PARTITION OF p FOR VALUES FROM (1) TO (2);
CREATE TABLE events_of_the_customers_in_europe_and_asia_2024_02 PARTITION OF p FOR VALUES FROM (2) TO (3);
--- a new partition whose index gets the name of one that is renamed
CREATE TABLE t (x int); CREATE INDEX l2_a_idx ON t (x);
CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE INDEX p_i ON p (a);
=>
CREATE TABLE t (x int); CREATE INDEX t_i ON t (x);
CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE INDEX p_i ON p (a);
CREATE TABLE l2 PARTITION OF p FOR VALUES FROM (0) TO (5);
--- a check that is validated in a partition only
CREATE TABLE p(a int) PARTITION BY RANGE(a); CREATE TABLE l PARTITION OF p FOR VALUES FROM (0) TO (5);
ALTER TABLE p ADD CONSTRAINT c CHECK (a>0) NOT VALID;
=>
CREATE TABLE p(a int) PARTITION BY RANGE(a); CREATE TABLE l PARTITION OF p FOR VALUES FROM (0) TO (5);
ALTER TABLE p ADD CONSTRAINT c CHECK (a>0) NOT VALID;
ALTER TABLE l VALIDATE CONSTRAINT c;
--- a check of two levels of partitions that is not valid above only
CREATE TABLE p(a int) PARTITION BY RANGE(a); CREATE TABLE m PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY RANGE(a); CREATE TABLE l PARTITION OF m FOR VALUES FROM (0) TO (5);
ALTER TABLE p ADD CONSTRAINT c CHECK (a>0) NOT VALID;
=>
CREATE TABLE p(a int) PARTITION BY RANGE(a); ALTER TABLE p ADD CONSTRAINT c CHECK (a>0) NOT VALID; CREATE TABLE m PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY RANGE(a); CREATE TABLE l PARTITION OF m FOR VALUES FROM (0) TO (5);
--- a column of a child that becomes nullable below one that is not
CREATE TABLE p (a int NOT NULL); CREATE TABLE ch () INHERITS (p);
=>
CREATE TABLE p (a int NOT NULL); CREATE TABLE ch () INHERITS (p);
ALTER TABLE ch ALTER a DROP NOT NULL;
--- a partition that is detached when the foreign key to it is dropped
CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE l PARTITION OF p FOR VALUES FROM (0) TO (5);
CREATE TABLE r (a int CONSTRAINT fk REFERENCES p);
=>
CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE l (a int PRIMARY KEY);
CREATE TABLE r (a int);
--- a partitioned table with partitions of its own becomes a partition, and has no index yet
CREATE TABLE child (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b PARTITION OF child DEFAULT PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1b DEFAULT;
CREATE TABLE p1 (id integer, n1 integer, s1 text) PARTITION BY RANGE (id);
ALTER TABLE p1 ADD CONSTRAINT p1a_id_fkey UNIQUE (id, n1);
=>
CREATE TABLE child (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b PARTITION OF child DEFAULT PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1b DEFAULT;
CREATE TABLE p1 (id integer, n1 integer, s1 text) PARTITION BY RANGE (id);
ALTER TABLE p1 ADD CONSTRAINT p1a_id_fkey UNIQUE (id, n1);
ALTER TABLE p1 ATTACH PARTITION child FOR VALUES FROM (10) TO (20);
--- renamed checks that children have from two parents
CREATE TABLE a (x int CONSTRAINT c CHECK (x > 0));
CREATE TABLE b (x int CONSTRAINT c CHECK (x > 0));
CREATE TABLE d () INHERITS (a, b);
CREATE TABLE top (x int CONSTRAINT c CHECK (x > 0));
CREATE TABLE left_one () INHERITS (top);
CREATE TABLE right_one () INHERITS (top);
CREATE TABLE bottom () INHERITS (left_one, right_one);
=>
CREATE TABLE a (x int CONSTRAINT d CHECK (x > 0));
CREATE TABLE b (x int CONSTRAINT d CHECK (x > 0));
CREATE TABLE d () INHERITS (a, b);
CREATE TABLE top (x int CONSTRAINT d CHECK (x > 0));
CREATE TABLE left_one () INHERITS (top);
CREATE TABLE right_one () INHERITS (top);
CREATE TABLE bottom () INHERITS (left_one, right_one);
--- new partitions whose indexes pass through the name of another new index
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE INDEX i ON p (b);
CREATE TABLE t (a int);
CREATE INDEX p2_b_idx ON t (a);
CREATE SCHEMA s;
=>
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE INDEX i ON p (b);
CREATE TABLE t (a int);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
ALTER INDEX p1_b_idx RENAME TO custom;
ALTER INDEX p2_b_idx RENAME TO other;
CREATE INDEX p1_b_idx ON t (a);
CREATE SCHEMA s;
--- a new column of a parent whose child has it with another type
CREATE TABLE child (id bigint, n1 integer);
CREATE TABLE grandchild (s1 varchar(20) NOT NULL) INHERITS (child);
=>
CREATE TABLE child (id bigint, n1 integer, s1 text);
CREATE TABLE grandchild (s1 text NOT NULL) INHERITS (child);
--- foreign keys that would take the names of others
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (10) TO (20);
CREATE TABLE q (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (10) TO (20);
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (10) TO (20);
CREATE TABLE q (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (10) TO (20);
CREATE  TABLE second (id smallint, n1 integer, s1 text, CONSTRAINT c1 PRIMARY KEY (id));
ALTER TABLE second ADD FOREIGN KEY (id) REFERENCES p1 (id) MATCH FULL;
ALTER TABLE second ADD CONSTRAINT p1a_n1_key FOREIGN KEY (id) REFERENCES p1 (id);
CREATE TABLE parted (a int, b int) PARTITION BY LIST (b);
CREATE TABLE parted1 PARTITION OF parted FOR VALUES IN (1) PARTITION BY LIST (b);
CREATE TABLE parted11 PARTITION OF parted1 FOR VALUES IN (1);
ALTER TABLE parted1 ADD CONSTRAINT c1 CHECK (b > 0) NOT VALID;
ALTER TABLE parted ADD CONSTRAINT c1 FOREIGN KEY (a) REFERENCES second (id);
--- the primary key of a partitioned table gets another name and another column
CREATE TABLE p (id int PRIMARY KEY, n int NOT NULL, s text) PARTITION BY LIST (id);
CREATE TABLE q PARTITION OF p FOR VALUES IN (1);
=>
CREATE TABLE p (id int, n int NOT NULL, s text, CONSTRAINT other PRIMARY KEY (id, n)) PARTITION BY LIST (id);
CREATE TABLE q PARTITION OF p FOR VALUES IN (1);
--- another primary key of a partitioned table with a new partition
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer NOT NULL, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (10) TO (20);
=>
CREATE TABLE p1 (id integer, n1 integer, s1 text, PRIMARY KEY (id, n1)) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (10) TO (20);
CREATE TABLE p1b PARTITION OF p1 DEFAULT;
--- a child of a parent that is changed becomes one of a new table that is like the old one
CREATE  TABLE child (id smallint, n1 integer, s1 text);
CREATE TABLE grandchild (s1 text NOT NULL, CONSTRAINT c1 CHECK (n1 > 0)) INHERITS (child);
=>
CREATE  TABLE child (id smallint, n1 integer, s1 text);
CREATE TABLE grandchild (s1 text NOT NULL, CONSTRAINT c1 CHECK (n1 > 0)) INHERITS (child);
ALTER TABLE child RENAME TO renamed;
CREATE  TABLE child (id integer, n1 integer, s1 text);
--- constraints of partitions that have the names of constraints of other kinds
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (10) TO (20);
CREATE TABLE second (id integer PRIMARY KEY);
ALTER TABLE p1a ADD CONSTRAINT c1 CHECK (n1 > 0);
ALTER TABLE p1 ADD CONSTRAINT c1 FOREIGN KEY (id) REFERENCES second;
ALTER INDEX p1b_pkey RENAME TO p1b_n1_idx;
ALTER TABLE p1b ADD CONSTRAINT p1b_pkey CHECK (s1 <> 'x');
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (10) TO (20);
CREATE TABLE second (id integer PRIMARY KEY);
ALTER TABLE p1 ADD CONSTRAINT c1 FOREIGN KEY (id) REFERENCES second;
--- a partition becomes the default one, and others are created and attached beside it
CREATE TABLE p1 (id integer, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p1c PARTITION OF p1 FOR VALUES FROM (30) TO (40);
CREATE TABLE x (id integer, n1 integer);
=>
CREATE TABLE p1 (id integer, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 DEFAULT;
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p1c PARTITION OF p1 FOR VALUES FROM (30) TO (35);
CREATE TABLE x (id integer, n1 integer);
ALTER TABLE p1 ATTACH PARTITION x FOR VALUES FROM (50) TO (60);
--- a partition is detached from a table that refers to itself, with the foreign keys
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p1c PARTITION OF p1 FOR VALUES FROM (30) TO (40);
ALTER TABLE p1a ADD CONSTRAINT own FOREIGN KEY (n1) REFERENCES p1 (id) MATCH FULL;
ALTER TABLE p1 ADD CONSTRAINT self FOREIGN KEY (n1) REFERENCES p1 (id);
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p1a (id integer PRIMARY KEY, n1 integer);
CREATE TABLE p1c PARTITION OF p1 FOR VALUES FROM (30) TO (40);
--- the same, and keeps the foreign keys
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p1c PARTITION OF p1 FOR VALUES FROM (30) TO (40);
ALTER TABLE p1a ADD CONSTRAINT own FOREIGN KEY (n1) REFERENCES p1 (id) MATCH FULL;
ALTER TABLE p1 ADD CONSTRAINT self FOREIGN KEY (n1) REFERENCES p1 (id);
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p1c PARTITION OF p1 FOR VALUES FROM (30) TO (40);
ALTER TABLE p1a ADD CONSTRAINT own FOREIGN KEY (n1) REFERENCES p1 (id) MATCH FULL;
ALTER TABLE p1 ADD CONSTRAINT self FOREIGN KEY (n1) REFERENCES p1 (id);
ALTER TABLE p1 DETACH PARTITION p1a;
--- a child of parents that store a column in different ways
CREATE TABLE t1 (id int, s1 text);
CREATE TABLE second () INHERITS (t1);
CREATE TABLE child (z1 integer) INHERITS (t1);
=>
CREATE TABLE t1 (id int, s1 text);
CREATE TABLE second () INHERITS (t1);
CREATE TABLE child (z1 integer) INHERITS (t1);
CREATE TABLE grandchild () INHERITS (child, second);
ALTER TABLE child ALTER COLUMN s1 SET STORAGE EXTERNAL;
--- a child of parents whose columns have different defaults
CREATE TABLE parent (a int, c int DEFAULT 1);
CREATE TABLE second (b int, c int);
=>
CREATE TABLE parent (a int, c int DEFAULT 1);
CREATE TABLE second (b int, c int);
CREATE TABLE child () INHERITS (parent, second);
ALTER TABLE second ALTER c SET DEFAULT 2;
--- the same, with a default of its own
CREATE TABLE parent (a int, c int DEFAULT 1);
CREATE TABLE second (b int, c int DEFAULT 2);
=>
CREATE TABLE parent (a int, c int DEFAULT 1);
CREATE TABLE second (b int, c int DEFAULT 2);
CREATE TABLE child (c int DEFAULT 3) INHERITS (parent, second);
--- the column of several tables gets another type
CREATE TABLE a (id varchar(10)); CREATE TABLE b (id varchar(10)); CREATE TABLE c () INHERITS (a, b);
=>
CREATE TABLE a (id varchar(20)); CREATE TABLE b (id varchar(20)); CREATE TABLE c () INHERITS (a, b);
--- the column of one table by two ways gets another type
CREATE TABLE a (id varchar(10)); CREATE TABLE b () INHERITS (a); CREATE TABLE c () INHERITS (a); CREATE TABLE d () INHERITS (b, c);
=>
CREATE TABLE a (id varchar(20)); CREATE TABLE b () INHERITS (a); CREATE TABLE c () INHERITS (a); CREATE TABLE d () INHERITS (b, c);
--- a check of a partitioned table gets the name of the key of a partition
CREATE TABLE p1 (id integer PRIMARY KEY, n2 integer CONSTRAINT c2 CHECK (n2 <> 3)) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (10) TO (20);
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n2 integer CONSTRAINT c2 CHECK (n2 <> 3)) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (10) TO (20);
ALTER TABLE p1a RENAME CONSTRAINT p1a_pkey TO other;
ALTER TABLE p1 RENAME CONSTRAINT c2 TO p1a_pkey;
--- foreign keys that would take each other's names
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id);
ALTER TABLE p1b ADD FOREIGN KEY (n1) REFERENCES p1b (id) ON DELETE SET NULL ON UPDATE CASCADE;
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id);
ALTER TABLE p1b ADD FOREIGN KEY (n1) REFERENCES p1 (id) MATCH FULL;
ALTER TABLE p1b ADD FOREIGN KEY (n1) REFERENCES p1b (id) ON DELETE SET NULL ON UPDATE CASCADE;
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
--- a partition has a default where its table loses the identity
CREATE TABLE p1 (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p1a PARTITION OF p1 DEFAULT;
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer) PARTITION BY RANGE (id);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (10) TO (20);
ALTER TABLE p1b ALTER COLUMN id SET DEFAULT 42;
--- a child of parents of which one has a compression
CREATE TABLE p1(a text); CREATE TABLE p2(a text COMPRESSION pglz); CREATE TABLE p3(a text COMPRESSION pglz); ALTER TABLE p3 ALTER a SET STORAGE PLAIN;
=>
CREATE TABLE p1(a text); CREATE TABLE p2(a text COMPRESSION pglz); CREATE TABLE p3(a text COMPRESSION pglz); ALTER TABLE p3 ALTER a SET STORAGE PLAIN;
CREATE TABLE c() INHERITS (p1,p2);
--- a partitioned table is attached before its partition
CREATE TABLE top (id bigint GENERATED ALWAYS AS IDENTITY, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE mid (id bigint NOT NULL, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE leaf (id bigint NOT NULL, k int NOT NULL);
=>
CREATE TABLE top (id bigint GENERATED ALWAYS AS IDENTITY, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE mid PARTITION OF top FOR VALUES FROM (0) TO (20) PARTITION BY RANGE (k);
CREATE TABLE leaf PARTITION OF mid FOR VALUES FROM (0) TO (10);
CREATE TABLE another PARTITION OF mid FOR VALUES FROM (10) TO (20);
--- a partitioned table that would get the identity of another one, unlike its partitions, is refused
CREATE TABLE top (id bigint GENERATED ALWAYS AS IDENTITY, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE mid (id bigint NOT NULL, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE leaf PARTITION OF mid FOR VALUES FROM (0) TO (10);
=>
CREATE TABLE top (id bigint GENERATED ALWAYS AS IDENTITY, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE mid PARTITION OF top FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (k);
CREATE TABLE leaf PARTITION OF mid FOR VALUES FROM (0) TO (10);
--- other bounds of a partitioned table with an identity are refused
CREATE TABLE top (id bigint GENERATED ALWAYS AS IDENTITY, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE mid PARTITION OF top FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (k);
CREATE TABLE leaf PARTITION OF mid FOR VALUES FROM (0) TO (10);
=>
CREATE TABLE top (id bigint GENERATED ALWAYS AS IDENTITY, k int NOT NULL) PARTITION BY RANGE (k);
CREATE TABLE mid PARTITION OF top FOR VALUES FROM (0) TO (20) PARTITION BY RANGE (k);
CREATE TABLE leaf PARTITION OF mid FOR VALUES FROM (0) TO (10);
--- indexes that are valid once the partitions without them are gone
CREATE TABLE p (id integer PRIMARY KEY, n integer) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
ALTER TABLE ONLY p ADD CONSTRAINT k UNIQUE (id) DEFERRABLE;
CREATE TABLE q (id integer, n integer) PARTITION BY RANGE (id);
CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (1) TO (10);
CREATE TABLE q2 PARTITION OF q FOR VALUES FROM (10) TO (20);
CREATE INDEX i ON ONLY q (n);
=>
CREATE TABLE p (id integer PRIMARY KEY, n integer) PARTITION BY RANGE (id);
ALTER TABLE ONLY p ADD CONSTRAINT k UNIQUE (id) DEFERRABLE;
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10) PARTITION BY LIST (id);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20);
CREATE TABLE q (id integer, n integer) PARTITION BY RANGE (id);
CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (1) TO (10) PARTITION BY LIST (id);
CREATE TABLE q2 PARTITION OF q FOR VALUES FROM (10) TO (20);
CREATE INDEX i ON q (n);
--- children with checks of their own are dropped
CREATE TABLE t (id integer, n integer CHECK (n > 0));
CREATE TABLE child () INHERITS (t);
ALTER TABLE child NO INHERIT t;
ALTER TABLE child INHERIT t;
CREATE TABLE grandchild () INHERITS (child);
=>
CREATE TABLE t (id integer, n integer CHECK (n > 0));
--- the index of a partition takes the name of that of one that is detached
CREATE TABLE p (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE other (id int CONSTRAINT p1_pkey PRIMARY KEY);
ALTER TABLE p ATTACH PARTITION other FOR VALUES FROM (10) TO (20);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
=>
CREATE TABLE p (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
CREATE TABLE other (id int);
--- a deferrable key of a partition that is part of a key of its table is replaced
CREATE TABLE p1 (id integer, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 DEFAULT;
ALTER TABLE p1a ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE p1 ADD CONSTRAINT p1a_n1_key UNIQUE (id);
=>
CREATE TABLE p1 (id integer, PRIMARY KEY (id)) PARTITION BY LIST (id);
CREATE TABLE p1a PARTITION OF p1 DEFAULT;
ALTER TABLE p1 ADD CONSTRAINT p1a_n1_key UNIQUE (id);
ALTER TABLE p1a ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
--- a foreign key that a partition has lost is refused
CREATE TABLE p1b (id int, n1 int) PARTITION BY LIST (id);
CREATE TABLE p1b1 PARTITION OF p1b FOR VALUES IN (1);
CREATE TABLE p1 (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10) WITH (fillfactor = 70);
=>
CREATE TABLE p1b (id int, n1 int) PARTITION BY LIST (id);
CREATE TABLE p1b1 PARTITION OF p1b FOR VALUES IN (1);
CREATE TABLE p1 (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10) WITH (fillfactor = 70);
ALTER TABLE p1b ADD FOREIGN KEY (n1) REFERENCES p1a (id);
ALTER TABLE p1 DETACH PARTITION p1a;
--- a comment on the index of a key that gets another name with another key's
CREATE TABLE p1 (id integer PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE child (id int, CONSTRAINT p1a_pkey UNIQUE (id));
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1);
=>
CREATE TABLE p1 (id integer PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE child (id int);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES IN (1);
COMMENT ON INDEX p1a_pkey IS 'it''s';
--- a check of a parent that a child has itself gets another name beside an equal one
CREATE TABLE child (n integer);
CREATE TABLE grandchild (CONSTRAINT c1 CHECK (n > 0)) INHERITS (child);
ALTER TABLE child ADD CONSTRAINT c1 CHECK (n > 0);
=>
CREATE TABLE child (n integer);
CREATE TABLE grandchild (CONSTRAINT c1 CHECK (n > 0)) INHERITS (child);
ALTER TABLE child ADD CONSTRAINT c1 CHECK (n > 0);
ALTER TABLE child ADD CONSTRAINT c2 CHECK (n > 0);
ALTER TABLE child RENAME CONSTRAINT c1 TO c3;
--- an identity column of a table with children
CREATE TABLE t2 (s2 text);
CREATE TABLE child (z1 integer) INHERITS (t2);
CREATE TABLE grandchild () INHERITS (child);
CREATE PUBLICATION pub2 FOR ALL TABLES;
=>
CREATE TABLE t2 (s2 text, id smallint GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT 2));
CREATE TABLE child (z1 integer) INHERITS (t2);
CREATE TABLE grandchild () INHERITS (child);
CREATE PUBLICATION pub2 FOR ALL TABLES;
