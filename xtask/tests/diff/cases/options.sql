--- content of publications
CREATE TABLE t (a int PRIMARY KEY, b int);
CREATE TABLE u (a int PRIMARY KEY, b int);
CREATE TABLE "v (a) WHERE" (a int PRIMARY KEY, b int);
CREATE SCHEMA s;
CREATE SCHEMA r;
CREATE PUBLICATION one FOR TABLE t (a, b), u WHERE (a > 0);
CREATE PUBLICATION two FOR TABLES IN SCHEMA s;
CREATE PUBLICATION three FOR TABLES IN SCHEMA s, TABLE t;
CREATE PUBLICATION four FOR TABLE t, u, "v (a) WHERE";
CREATE PUBLICATION five;
CREATE PUBLICATION six;
=>
CREATE TABLE t (a int PRIMARY KEY, b int);
CREATE TABLE u (a int PRIMARY KEY, b int);
CREATE TABLE "v (a) WHERE" (a int PRIMARY KEY, b int);
CREATE SCHEMA s;
CREATE SCHEMA r;
CREATE PUBLICATION one FOR TABLE t (a), u WHERE (a > 1), "v (a) WHERE" (a) WHERE (a < 5);
CREATE PUBLICATION two FOR TABLES IN SCHEMA s, r;
CREATE PUBLICATION three FOR TABLES IN SCHEMA r, TABLE u WHERE (a > 0);
CREATE PUBLICATION four FOR TABLE "v (a) WHERE", t;
CREATE PUBLICATION five FOR TABLES IN SCHEMA r, TABLE t;
CREATE PUBLICATION six FOR TABLE t (a), "v (a) WHERE" WHERE (a < 5);
--- options of publications
CREATE TABLE t (a int PRIMARY KEY, b int);
CREATE PUBLICATION one FOR TABLE t WITH (publish = 'insert, update');
CREATE PUBLICATION two FOR ALL TABLES WITH (publish = '');
CREATE PUBLICATION three FOR ALL TABLES WITH (publish_via_partition_root);
CREATE PUBLICATION four FOR TABLE t WITH (publish = 'truncate');
=>
CREATE TABLE t (a int PRIMARY KEY, b int);
CREATE PUBLICATION one FOR TABLE t WITH (publish = 'update, insert');
CREATE PUBLICATION two FOR ALL TABLES;
CREATE PUBLICATION three FOR ALL TABLES WITH (publish = 'delete');
CREATE PUBLICATION four FOR TABLE t WITH (publish = 'truncate, delete', publish_via_partition_root);
--- options of views
CREATE TABLE t (a int, b int);
CREATE VIEW one AS SELECT a FROM t;
CREATE VIEW two WITH (security_barrier = true) AS SELECT a FROM t;
CREATE VIEW three WITH (security_barrier = true, check_option = local) AS SELECT a FROM t;
CREATE VIEW four AS SELECT a FROM t WITH CASCADED CHECK OPTION;
CREATE VIEW five WITH (security_invoker = on) AS SELECT a FROM t;
CREATE VIEW six WITH (security_barrier = false) AS SELECT a FROM t;
CREATE VIEW above AS SELECT a FROM one;
CREATE MATERIALIZED VIEW m WITH (fillfactor = 70, autovacuum_enabled = off) AS SELECT a FROM t;
CREATE VIEW over AS SELECT a FROM m;
=>
CREATE TABLE t (a int, b int);
CREATE VIEW one WITH (security_barrier = true, check_option = local) AS SELECT a FROM t;
CREATE VIEW two WITH (security_barrier = true, security_invoker = true) AS SELECT a FROM t;
CREATE VIEW three WITH (check_option = cascaded, security_barrier = true) AS SELECT a FROM t;
CREATE VIEW four AS SELECT a FROM t WITH LOCAL CHECK OPTION;
CREATE VIEW five AS SELECT a FROM t;
CREATE VIEW six AS SELECT a FROM t;
CREATE VIEW above AS SELECT a FROM one;
CREATE MATERIALIZED VIEW m WITH (fillfactor = 80, autovacuum_vacuum_threshold = 9) AS SELECT a FROM t;
CREATE VIEW over AS SELECT a FROM m;
--- options in another order make no difference
CREATE TABLE t (a int, b int) WITH (fillfactor = 70, autovacuum_enabled = off);
CREATE VIEW v WITH (security_barrier = true, check_option = local) AS SELECT a FROM t;
CREATE MATERIALIZED VIEW m WITH (fillfactor = 70, autovacuum_enabled = off) AS SELECT a FROM t;
CREATE INDEX i ON t (a) WITH (fillfactor = 70, deduplicate_items = off);
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a) WITH (fillfactor = 70, deduplicate_items = off);
ALTER TABLE t ALTER COLUMN a SET (n_distinct = 5, n_distinct_inherited = 3);
=>
CREATE TABLE t (a int, b int) WITH (autovacuum_enabled = off, fillfactor = 70);
CREATE VIEW v WITH (check_option = local, security_barrier = true) AS SELECT a FROM t;
CREATE MATERIALIZED VIEW m WITH (autovacuum_enabled = off, fillfactor = 70) AS SELECT a FROM t;
CREATE INDEX i ON t (a) WITH (deduplicate_items = off, fillfactor = 70);
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a) WITH (deduplicate_items = off, fillfactor = 70);
ALTER TABLE t ALTER COLUMN a SET (n_distinct_inherited = 3, n_distinct = 5);
--- options with quotes
CREATE TABLE t (a int) WITH (autovacuum_vacuum_scale_factor = '0.5', user_catalog_table = 'true', toast.autovacuum_enabled = 'f');
CREATE FOREIGN DATA WRAPPER w OPTIONS (a 'it''s, a=b', "B c" 'x');
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (a 'it''s');
CREATE FOREIGN TABLE f (a int OPTIONS (c 'd, e=f')) SERVER s OPTIONS ("Odd name" 'x''y', b '"z"');
=>
CREATE TABLE t (a int) WITH (autovacuum_vacuum_scale_factor = '0.25', "user_catalog_table" = 'false', toast.autovacuum_enabled = 'true');
CREATE FOREIGN DATA WRAPPER w OPTIONS (a 'it''s, a=c', "B d" 'x');
CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (a 'it''s', b '');
CREATE FOREIGN TABLE f (a int OPTIONS (c 'd, e=g', e '')) SERVER s OPTIONS ("Odd name" 'x''z', c '"z"');
--- functions and views that reach more or less than before
CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog RETURN 1;
CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE h() LANGUAGE sql AS ' SELECT 1 -- SECURITY DEFINER';
CREATE VIEW v WITH (security_invoker) AS SELECT 1 AS a, 2 AS b;
CREATE VIEW w WITH (security_barrier = off) AS SELECT 1 AS a;
=>
CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path = pg_catalog RETURN 1;
CREATE FUNCTION g() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 1::bigint';
CREATE PROCEDURE h() LANGUAGE sql AS ' SELECT 2 -- SECURITY DEFINER, or not';
CREATE VIEW v AS SELECT 1 AS a;
CREATE VIEW w AS SELECT 1 AS a;
--- storage parameters of indexes
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE  INDEX i1 ON  p1 (s1);
CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE);
CREATE INDEX t_i ON t (b);
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (1) TO (10);
CREATE  INDEX i1 ON  p1 (s1);
CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE);
CREATE INDEX t_i ON t (b);
ALTER INDEX p1a_s1_idx SET (fillfactor = 80);
ALTER INDEX p1a_pkey SET (fillfactor = 80);
ALTER INDEX t_i SET (fillfactor = 80);
ALTER INDEX t_pkey SET (fillfactor = 80);
ALTER INDEX t_b_key SET (fillfactor = 80);
--- storage and compression of columns, where PostgreSQL changes those of the index otherwise
CREATE TABLE t (a int, s text, r text);
CREATE INDEX i ON t USING hash (s);
CREATE INDEX j ON t (r, r DESC);
=>
CREATE TABLE t (a int, s text, r text);
CREATE INDEX i ON t USING hash (s);
CREATE INDEX j ON t (r, r DESC);
ALTER TABLE t ALTER s SET STORAGE EXTERNAL;
ALTER TABLE t ALTER r SET COMPRESSION pglz;
--- storage parameters that PostgreSQL reads when it builds an index, and others
CREATE TABLE t(a int, b int, v tsvector);
CREATE INDEX i ON t USING brin(a) WITH (pages_per_range=128);
CREATE INDEX j ON t USING brin(b) WITH (pages_per_range=128);
CREATE INDEX h ON t USING hash(a) WITH (fillfactor=70);
CREATE INDEX g ON t USING gin(v);
CREATE INDEX w ON t(a) WITH (fillfactor=70, deduplicate_items=off) WHERE b > 0;
=>
CREATE TABLE t(a int, b int, v tsvector);
CREATE INDEX i ON t USING brin(a) WITH (pages_per_range=4);
CREATE INDEX j ON t USING brin(b) WITH (pages_per_range=128, autosummarize=on);
CREATE INDEX h ON t USING hash(a) WITH (fillfactor=80);
CREATE INDEX g ON t USING gin(v) WITH (fastupdate=off);
CREATE INDEX w ON t(a) WITH (fillfactor=80) WHERE b > 0;
