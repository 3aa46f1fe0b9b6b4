--- a primary key that is dropped
CREATE TABLE t (id int PRIMARY KEY, v text);
=>
CREATE TABLE t (id bigint, v text);
--- a primary key on another column, with another name
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);
=>
CREATE TABLE t (id bigint, a int NOT NULL CONSTRAINT other PRIMARY KEY);
--- a primary key on another column, with the same name
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);
=>
CREATE TABLE t (id bigint, a int PRIMARY KEY);
--- a primary key that moves to an exchanged column from another one
CREATE TABLE t (id int, a text PRIMARY KEY);
=>
CREATE TABLE t (id bigint PRIMARY KEY, a varchar(5));
--- a primary key with another column, and a foreign key that follows it
CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL);
CREATE TABLE u (r int REFERENCES t, s int);
=>
CREATE TABLE t (id bigint, a bigint, PRIMARY KEY (id, a));
CREATE TABLE u (r bigint, s bigint, FOREIGN KEY (r, s) REFERENCES t);
--- an index, a check and a unique constraint that get a new column
CREATE TABLE t (id int, a int, CONSTRAINT c CHECK (id > a), CONSTRAINT u UNIQUE (id, a));
CREATE INDEX i ON t (id, a);
=>
CREATE TABLE t (id bigint, a int, b int, CONSTRAINT c CHECK (id > b), CONSTRAINT u UNIQUE (id, b));
CREATE INDEX i ON t (id, b);
--- a generated column and a view that are dropped
CREATE TABLE t (id int, g int GENERATED ALWAYS AS (id + 1) STORED);
CREATE INDEX i ON t (g);
CREATE VIEW v AS SELECT id FROM t;
=>
CREATE TABLE t (id bigint);
--- materialized views, with an index and a comment, and what uses them
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
CREATE MATERIALIZED VIEW m AS SELECT id, a, count(*) AS n FROM t GROUP BY id, a;
CREATE UNIQUE INDEX mi ON m (id);
CREATE INDEX mj ON m (a) WHERE a > 0;
CREATE VIEW v AS SELECT a FROM m;
CREATE MATERIALIZED VIEW m2 AS SELECT a FROM m;
COMMENT ON COLUMN m.a IS 'x';
GRANT SELECT ON m TO public;
CREATE MATERIALIZED VIEW other AS SELECT b FROM t;
=>
CREATE TABLE t (id bigint PRIMARY KEY, a bigint, b text);
CREATE MATERIALIZED VIEW m AS SELECT id, a, count(*) AS n FROM t GROUP BY id, a;
CREATE UNIQUE INDEX mi ON m (id);
CREATE INDEX mj ON m (a) WHERE a > 0;
CREATE VIEW v AS SELECT a FROM m;
CREATE MATERIALIZED VIEW m2 AS SELECT a FROM m;
COMMENT ON COLUMN m.a IS 'x';
GRANT SELECT ON m TO public;
CREATE MATERIALIZED VIEW other AS SELECT b FROM t;
