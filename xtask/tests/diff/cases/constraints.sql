--- constraints of a table in use
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE t (id int, n int, a int);
=>
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, n int UNIQUE, a int REFERENCES a, CHECK (n > 0));
--- constraints are renamed, validated and made deferrable
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE t (a int, n int, CONSTRAINT one CHECK (n > 0), CONSTRAINT f FOREIGN KEY (a) REFERENCES a);
ALTER TABLE t ADD CONSTRAINT later CHECK (n < 100) NOT VALID;
=>
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE t (a int, n int, CONSTRAINT other CHECK (n > 0), CONSTRAINT f FOREIGN KEY (a) REFERENCES a DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE t ADD CONSTRAINT later CHECK (n < 100);
--- indexes are built, renamed and dropped
CREATE TABLE t (a int, b text);
CREATE INDEX one ON t (a);
CREATE INDEX gone ON t (b);
=>
CREATE TABLE t (a int, b text);
CREATE INDEX other ON t (a);
CREATE UNIQUE INDEX made ON t (lower(b)) INCLUDE (a) WHERE a > 0;
COMMENT ON INDEX made IS 'for search';
--- an index becomes a key
CREATE TABLE t (a int NOT NULL);
CREATE UNIQUE INDEX t_pkey ON t (a);
CREATE TABLE u (a int, b int, c int);
CREATE UNIQUE INDEX u_index ON u (a, b);
CREATE UNIQUE INDEX u_c ON u (c) WITH (fillfactor = 70);
CREATE UNIQUE INDEX u_descending ON u (c DESC);
=>
CREATE TABLE t (a int NOT NULL, CONSTRAINT t_pkey PRIMARY KEY (a));
CREATE TABLE u (a int, b int, c int, CONSTRAINT u_a PRIMARY KEY (a, b), CONSTRAINT u_key UNIQUE (c) WITH (fillfactor = 70) DEFERRABLE);
COMMENT ON CONSTRAINT u_a ON u IS 'both';
CREATE INDEX u_index ON u (b);
CREATE UNIQUE INDEX u_descending ON u (c, b);
--- the index of a partitioned table becomes a key
CREATE TABLE p (a int NOT NULL, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE UNIQUE INDEX p_key ON p (a);
=>
CREATE TABLE p (a int NOT NULL, b int, CONSTRAINT p_key PRIMARY KEY (a)) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
--- a function that a constraint uses
CREATE FUNCTION f(a int) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN a > 0;
CREATE TABLE t (a int CHECK (f(a)), b boolean DEFAULT f(1));
CREATE INDEX t_f ON t (f(a));
=>
CREATE FUNCTION f(n int) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN n > 1;
CREATE TABLE t (a int CHECK (f(a)), b boolean DEFAULT f(1));
CREATE INDEX t_f ON t (f(a));
--- partitions and their indexes
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_a ON p (a);
=>
CREATE TABLE p (a int, b int, c text) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1, 3);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE INDEX p_a ON p (a);
CREATE INDEX p_b ON p (b);
--- a partition leaves and another table comes
CREATE TABLE p (a int NOT NULL, PRIMARY KEY (a)) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);
CREATE TABLE p2 (a int NOT NULL, PRIMARY KEY (a));
=>
CREATE TABLE p (a int NOT NULL, PRIMARY KEY (a)) PARTITION BY RANGE (a);
CREATE TABLE p1 (a int NOT NULL, PRIMARY KEY (a));
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (2) TO (3);
--- a column that an expression or a condition uses is dropped
CREATE TABLE t (id int, name text, CONSTRAINT by_expression EXCLUDE USING btree (lower(name) WITH =) WHERE (name <> ''));
CREATE TABLE u (id int, a int, b text, CONSTRAINT by_condition EXCLUDE USING btree (a WITH =) WHERE (b <> ''));
=>
CREATE TABLE t (id int);
CREATE TABLE u (id int);
--- a column gets NOT NULL and a default, or loses both
CREATE TABLE t (id bigint PRIMARY KEY, a int, b varchar, c text NOT NULL DEFAULT 'c', d int DEFAULT 1);
=>
CREATE FUNCTION one() RETURNS text LANGUAGE sql RETURN '1';
CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL DEFAULT 1, b text NOT NULL DEFAULT one(), c text, d int NOT NULL DEFAULT 2);
--- a check is not valid where it is declared, but valid in the partitions
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
=>
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
ALTER TABLE p ADD CONSTRAINT p_b CHECK (b > 0) NOT VALID;
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 (a int, b int);
ALTER TABLE p2 ADD CONSTRAINT p_b CHECK (b > 0) NOT VALID;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2);
--- comments of constraints that partitions and children have from their tables
CREATE TABLE o (id int PRIMARY KEY);
CREATE TABLE p (k int, a int CONSTRAINT f REFERENCES o, b int, CONSTRAINT c CHECK (a > 0), CONSTRAINT d CHECK (b > 0)) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE h (a int CONSTRAINT hc CHECK (a > 0));
CREATE TABLE h1 () INHERITS (h);
COMMENT ON CONSTRAINT f ON p1 IS 'fk of p1';
COMMENT ON CONSTRAINT c ON p1 IS 'check of p1';
COMMENT ON CONSTRAINT d ON p1 IS 'stays';
COMMENT ON CONSTRAINT hc ON h1 IS 'check of h1';
=>
CREATE TABLE o (id int PRIMARY KEY);
CREATE TABLE p (k int, a int CONSTRAINT f REFERENCES o, b int, CONSTRAINT c CHECK (a > 1), CONSTRAINT d CHECK (b > 0)) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE TABLE h (a int CONSTRAINT hc CHECK (a > 0));
CREATE TABLE h1 () INHERITS (h);
COMMENT ON CONSTRAINT f ON p1 IS 'another';
COMMENT ON CONSTRAINT f ON p2 IS 'fk of p2';
COMMENT ON CONSTRAINT c ON p1 IS 'check of p1';
COMMENT ON CONSTRAINT d ON p1 IS 'stays';
COMMENT ON CONSTRAINT c ON p2 IS 'check of p2';
--- constraints of different kinds exchange their names
CREATE TABLE t(id int, n int, CONSTRAINT x PRIMARY KEY(id), CONSTRAINT y UNIQUE(n));
CREATE TABLE u(a int, b int, CONSTRAINT k1 UNIQUE(a), CONSTRAINT k2 CHECK (b > 0), CONSTRAINT k3 FOREIGN KEY (b) REFERENCES u(a));
=>
CREATE TABLE t(id int, n int, CONSTRAINT y PRIMARY KEY(id), CONSTRAINT x UNIQUE(n));
CREATE TABLE u(a int, b int, CONSTRAINT k2 UNIQUE(a), CONSTRAINT k3 CHECK (b > 0), CONSTRAINT k1 FOREIGN KEY (b) REFERENCES u(a));
