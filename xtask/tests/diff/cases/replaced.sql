--- another collation with the same name
CREATE COLLATION german (provider = icu, locale = 'de');
CREATE DOMAIN label AS text COLLATE german;
CREATE TABLE t (a text COLLATE german, b varchar(9) COLLATE german NOT NULL DEFAULT 'x', c text CHECK (c COLLATE german < 'b'), d label);
CREATE INDEX t_a ON t (a);
CREATE VIEW v AS SELECT a FROM t;
=>
CREATE COLLATION german (provider = icu, locale = 'de-u-co-phonebk');
CREATE DOMAIN label AS text COLLATE german;
CREATE TABLE t (a text COLLATE german, b varchar(9) COLLATE german NOT NULL DEFAULT 'x', c text CHECK (c COLLATE german < 'b'), d label);
CREATE INDEX t_a ON t (a);
CREATE VIEW v AS SELECT a FROM t;
--- another base of a domain and another type of an attribute
CREATE DOMAIN amount AS int CHECK (VALUE > 0);
CREATE TYPE pair AS (a int, b text);
CREATE TABLE t (a amount NOT NULL, b amount DEFAULT 3, c pair, d pair[]);
=>
CREATE DOMAIN amount AS bigint CHECK (VALUE > 0);
CREATE TYPE pair AS (a bigint, b text);
CREATE TABLE t (a amount NOT NULL, b amount DEFAULT 3, c pair, d pair[]);
--- other attributes of a composite type that columns have are refused
CREATE TYPE pair AS (a int, b text);
CREATE TABLE t (c pair);
=>
CREATE TYPE pair AS (a bigint, b text, c int);
CREATE TABLE t (c pair);
--- a domain over an enum whose labels change
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE DOMAIN feeling AS mood CHECK (VALUE <> 'b');
CREATE TABLE t (a mood, b feeling);
=>
CREATE TYPE mood AS ENUM ('b', 'a');
CREATE DOMAIN feeling AS mood CHECK (VALUE <> 'b');
CREATE TABLE t (a mood, b feeling);
--- a column becomes one of a domain with constraints
CREATE DOMAIN amount AS int CHECK (VALUE > 0);
CREATE TABLE t (a bigint);
=>
CREATE DOMAIN amount AS int CHECK (VALUE > 0);
CREATE TABLE t (a amount);
--- an attribute of a domain with constraints
CREATE DOMAIN amount AS int NOT NULL DEFAULT 1;
CREATE TYPE pair AS (a int);
CREATE TABLE t OF pair;
=>
CREATE DOMAIN amount AS int NOT NULL DEFAULT 1;
CREATE TYPE pair AS (a int, b amount);
CREATE TABLE t OF pair;
--- the type of a partition key is refused
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE p (k mood NOT NULL) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
=>
CREATE TYPE mood AS ENUM ('b', 'a');
CREATE TABLE p (k mood NOT NULL) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
--- a table whose row type a column has is refused
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (a mood);
CREATE TABLE u (b t);
=>
CREATE TYPE mood AS ENUM ('b', 'a');
CREATE TABLE t (a mood);
CREATE TABLE u (b t);
--- a table whose row type a column has in an array is refused
CREATE TABLE t (a int);
CREATE TABLE u (b t[]);
INSERT INTO u VALUES (ARRAY[ROW(7)::t]);
=>
CREATE TABLE t (a bigint);
CREATE TABLE u (b t[]);
--- a table whose row type a column has in a domain and a composite type is refused
CREATE TABLE t (a int);
CREATE DOMAIN d AS t;
CREATE TYPE c AS (d d[]);
CREATE TABLE u (c c);
=>
CREATE TABLE t (a bigint);
CREATE DOMAIN d AS t;
CREATE TYPE c AS (d d[]);
CREATE TABLE u (c c);
--- a table with a partition whose row type a column has is refused
CREATE TABLE t (k int, a int) PARTITION BY LIST (k);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE u (b t1);
INSERT INTO u VALUES (ROW(1, 7)::t1);
=>
CREATE TABLE t (k int, a bigint) PARTITION BY LIST (k);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE u (b t1);
--- columns of parents accept NULL, those of children do not
CREATE TABLE p (id int, k text NOT NULL, a text NOT NULL) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('1');
CREATE TABLE parent (id int NOT NULL, a text NOT NULL);
CREATE TABLE child () INHERITS (parent);
=>
CREATE TABLE p (id int, k text, a text) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p (PRIMARY KEY (k, id)) FOR VALUES IN ('1');
CREATE TABLE parent (id int, a text);
CREATE TABLE child () INHERITS (parent);
ALTER TABLE child ALTER COLUMN a SET NOT NULL;
--- a parent of a table with a primary key is refused
CREATE TABLE p (k text NOT NULL) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p (PRIMARY KEY (k)) FOR VALUES IN ('1');
=>
CREATE TABLE p (k text) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p (PRIMARY KEY (k)) FOR VALUES IN ('1');
--- other members of an extension are refused
CREATE EXTENSION hstore;
=>
CREATE EXTENSION hstore;
ALTER EXTENSION hstore DROP FUNCTION hstore(text, text);
--- an identity column with a sequence of another type
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY);
=>
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY);
CREATE TABLE v (LIKE t INCLUDING ALL);
ALTER SEQUENCE u_id_seq AS bigint MAXVALUE 2147483647;
--- default privileges of the owner with the grant option
CREATE SEQUENCE s;
=>
CREATE SEQUENCE s;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO postgres WITH GRANT OPTION;
--- foreign keys that refer to a partitioned table
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2, 3) PARTITION BY LIST (id);
CREATE TABLE p22 PARTITION OF p2 FOR VALUES IN (2);
CREATE TABLE t (a int);
CREATE TABLE changed (a int REFERENCES p);
CREATE TABLE invalid (a int);
ALTER TABLE invalid ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT VALID;
CREATE TABLE q (a int, b int) PARTITION BY LIST (b);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1);
=>
CREATE TABLE p (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2, 3) PARTITION BY LIST (id);
CREATE TABLE p22 PARTITION OF p2 FOR VALUES IN (2);
CREATE TABLE t (a int REFERENCES p);
COMMENT ON CONSTRAINT t_a_fkey ON t IS 'new';
CREATE TABLE changed (a int REFERENCES p ON DELETE CASCADE);
CREATE TABLE invalid (a int CONSTRAINT f REFERENCES p);
CREATE TABLE q (a int REFERENCES p, b int) PARTITION BY LIST (b);
CREATE TABLE q1 PARTITION OF q FOR VALUES IN (1);
--- a wider type of a column in the indexes of partitions
CREATE TABLE p (id int, a varchar(10), b varchar(10), c varchar(10), d varchar(10)) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX ON p (a);
CREATE INDEX ON p (lower(b));
ALTER TABLE p ADD UNIQUE (id, c);
=>
CREATE TABLE p (id int, a varchar(20), b varchar(20), c varchar(20), d varchar(20)) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX ON p (a);
CREATE INDEX ON p (lower(b));
ALTER TABLE p ADD UNIQUE (id, c);
--- conditions with BETWEEN, which PostgreSQL reads in two ways
CREATE TABLE t (a int, b int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
=>
CREATE TABLE t (a int, b int, c bool DEFAULT (1 BETWEEN 0 AND 2 AND true), CONSTRAINT c CHECK (a BETWEEN 1 AND 5 AND b > 0));
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE INDEX i ON t (b) WHERE a BETWEEN 1 AND 5 AND b > 0;
CREATE INDEX j ON t ((a BETWEEN 1 AND 5 AND b > 0));
CREATE POLICY p ON t USING (a BETWEEN 1 AND 5 AND b > 0) WITH CHECK (a BETWEEN 2 AND 5 AND b > 0);
CREATE TRIGGER t BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.a BETWEEN 1 AND 5 AND NEW.b > 0) EXECUTE FUNCTION f();
CREATE VIEW v AS SELECT * FROM t WHERE a BETWEEN 1 AND 5 AND b > 0;
CREATE RULE r AS ON DELETE TO t WHERE old.a BETWEEN 1 AND 5 AND old.b > 0 DO INSTEAD NOTHING;
CREATE PUBLICATION pub FOR TABLE t WHERE (a BETWEEN 1 AND 5 AND b > 0) WITH (publish = 'insert');
--- defaults that need parentheses in a definition
CREATE TABLE t (a int);
=>
CREATE DOMAIN d AS bool DEFAULT (true AND NOT false);
CREATE TABLE t (a int, b bool DEFAULT (1 IN (1, 2)), c bool DEFAULT (NULL::int IS NULL), d text DEFAULT ('x' COLLATE "C"), e timestamp DEFAULT (now() AT TIME ZONE 'utc'), f text DEFAULT 'R AND D');
CREATE TABLE u (b bool DEFAULT ('x' LIKE 'y' OR false) NOT NULL, c int DEFAULT 1 + 2);
