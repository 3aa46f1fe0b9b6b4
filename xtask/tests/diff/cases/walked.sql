--- storage and compression of parents, which children do not follow
CREATE TABLE parent (id int, a text, b text, c text);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE grandchild (c text) INHERITS (child);
CREATE TABLE p (id int, a text, b text) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p1 ALTER a SET STORAGE MAIN, ALTER b SET COMPRESSION pglz;
=>
CREATE TABLE parent (id int, a text STORAGE EXTERNAL, b text COMPRESSION pglz, c text COMPRESSION pglz, d text STORAGE MAIN);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE grandchild (c text) INHERITS (child);
ALTER TABLE child ALTER c SET COMPRESSION DEFAULT;
CREATE TABLE second (a text, b text) INHERITS (parent);
ALTER TABLE second ALTER a SET STORAGE EXTENDED, ALTER b SET COMPRESSION DEFAULT;
CREATE TABLE p (id int, a text STORAGE EXTERNAL, b text COMPRESSION pglz) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE a_new_one PARTITION OF p FOR VALUES IN (2);
ALTER TABLE p1 ALTER a SET STORAGE EXTENDED;
--- statistics and options of parents, which children do not follow
CREATE TABLE parent (id int, a text, b int);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE p (id int, a text) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE parent ALTER b SET STATISTICS 7;
=>
CREATE TABLE parent (id int, a text, b int);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE p (id int, a text) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE ONLY parent ALTER id SET STATISTICS 5, ALTER a SET (n_distinct = 2);
ALTER TABLE child ALTER a SET (n_distinct = 3);
ALTER TABLE p ALTER a SET STATISTICS 9;
ALTER TABLE p1 ALTER a SET STATISTICS 8;
--- another type, which resets storage and compression
CREATE TABLE t (a varchar(10) STORAGE EXTERNAL COMPRESSION pglz, b text STORAGE MAIN, c text STORAGE MAIN COMPRESSION pglz);
CREATE MATERIALIZED VIEW m AS SELECT 'x'::text AS a;
=>
CREATE TABLE t (a varchar(20) STORAGE EXTERNAL COMPRESSION pglz, b varchar STORAGE EXTERNAL, c integer);
CREATE MATERIALIZED VIEW m AS SELECT 'x'::text AS a;
ALTER MATERIALIZED VIEW m ALTER a SET STORAGE EXTERNAL;
--- a column that a parent loses and a child keeps is refused
CREATE TABLE parent (id int, a text);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE other () INHERITS (parent);
CREATE TABLE grandchild () INHERITS (child);
=>
CREATE TABLE parent (id int);
CREATE TABLE child (a text) INHERITS (parent);
CREATE TABLE other () INHERITS (parent);
CREATE TABLE grandchild () INHERITS (child);
--- a column of a child that becomes its own is refused
CREATE TABLE parent (id int, a text);
CREATE TABLE child () INHERITS (parent);
=>
CREATE TABLE parent (id int, a text);
CREATE TABLE child (a text) INHERITS (parent);
--- a table that becomes a child without columns of its own is refused
CREATE TABLE parent (id int);
CREATE TABLE child (a text);
=>
CREATE TABLE parent (id int);
CREATE TABLE child (a text) INHERITS (parent);
--- functions and statistics with BETWEEN, which PostgreSQL reads in two ways
CREATE TABLE t (a int, b int);
=>
CREATE TABLE t (a int, b int);
CREATE FUNCTION f(a int, b boolean DEFAULT (1 BETWEEN 0 AND 2 AND true)) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN a BETWEEN 1 AND 5 AND b;
CREATE FUNCTION g(a int) RETURNS SETOF t LANGUAGE sql BEGIN ATOMIC SELECT * FROM t WHERE b NOT BETWEEN 1 AND 5 OR t.a > $1; END;
CREATE FUNCTION h() RETURNS boolean LANGUAGE sql AS 'SELECT ((1 = 1) AND (2 = 2)) AND true';
CREATE STATISTICS s ON (a BETWEEN 1 AND 5 AND b > 0), b FROM t;
CREATE DOMAIN d AS boolean DEFAULT (1 BETWEEN 0 AND 2 AND true);
--- an array of labels becomes one label, and the reverse, while the type changes
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (a mood[], b mood);
=>
CREATE TYPE mood AS ENUM ('a');
CREATE TABLE t (a mood, b mood[]);
--- a view of another table, which has the name of a dropped index
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
CREATE VIEW w AS SELECT id FROM v;
=>
CREATE TABLE renamed (id int CONSTRAINT t_pkey PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM renamed;
CREATE VIEW w AS SELECT id FROM v;
--- a range that a column has is not replaced
CREATE TYPE floats AS RANGE (SUBTYPE = float8);
CREATE TABLE t (a floats);
=>
CREATE TYPE floats AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi);
CREATE TABLE t (a floats);
--- a child of a table that is dropped keeps its rows
CREATE TABLE parent (id int);
CREATE TABLE child (id int) INHERITS (parent);
=>
CREATE TABLE renamed (id int);
CREATE TABLE child (id int) INHERITS (renamed);
--- a check that a child has before its parent
CREATE TABLE parent (id int);
CREATE TABLE child (CONSTRAINT c CHECK (id > 0)) INHERITS (parent);
=>
CREATE TABLE parent (id int, CONSTRAINT c CHECK (id > 0));
CREATE TABLE child (CONSTRAINT c CHECK (id > 0)) INHERITS (parent);
--- a check of a child that becomes its own is refused
CREATE TABLE parent (id int, CONSTRAINT c CHECK (id > 0));
CREATE TABLE child () INHERITS (parent);
=>
CREATE TABLE parent (id int, CONSTRAINT c CHECK (id > 0));
CREATE TABLE child (CONSTRAINT c CHECK (id > 0)) INHERITS (parent);
--- a column of a child that is replaced by one that it only inherits is refused
CREATE TABLE parent (a int, g int);
CREATE TABLE child (g int) INHERITS (parent);
=>
CREATE TABLE parent (a int, g int GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE child () INHERITS (parent);
--- statistics of columns whose order in the table changes
CREATE TABLE t (id int, b int, a int, "C" int);
CREATE STATISTICS s (ndistinct) ON a, b, "C", (a + b) FROM t;
CREATE STATISTICS e ON (a + b) FROM t;
=>
CREATE TABLE t (id int, "C" bigint, a int, b int);
CREATE STATISTICS s (ndistinct) ON a, b, "C", (a + b) FROM t;
CREATE STATISTICS e ON (a + b) FROM t;
--- default privileges after an identity column that is exchanged, and after what reads rows
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY);
=>
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY);
CREATE MATERIALIZED VIEW m AS SELECT id FROM t;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY);
CREATE MATERIALIZED VIEW n AS SELECT id FROM t;
--- default privileges that change around an identity column that is exchanged
ALTER DEFAULT PRIVILEGES GRANT SELECT, UPDATE ON SEQUENCES TO pg_monitor;
CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, a int);
=>
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY);
ALTER DEFAULT PRIVILEGES GRANT USAGE, UPDATE ON SEQUENCES TO pg_monitor;
ALTER TABLE t ADD a int GENERATED ALWAYS AS IDENTITY;
CREATE TABLE u (id int GENERATED ALWAYS AS IDENTITY);
--- a rule on updates, which filling a column would run
CREATE TABLE t (a int, b int);
CREATE TABLE log (a int);
CREATE RULE r AS ON UPDATE TO t DO ALSO DELETE FROM log;
CREATE PUBLICATION p FOR TABLE log;
=>
CREATE TABLE t (a bigint, b int, id uuid DEFAULT gen_random_uuid());
CREATE TABLE log (a int);
CREATE RULE r AS ON UPDATE TO t DO ALSO DELETE FROM log;
CREATE PUBLICATION p FOR TABLE log;
--- a partition with the identity of its table leaves
CREATE TABLE p (a int, b bigint GENERATED BY DEFAULT AS IDENTITY) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
=>
CREATE TABLE p (a int, b bigint GENERATED BY DEFAULT AS IDENTITY) PARTITION BY RANGE (a);
CREATE TABLE p1 (a int, b bigint NOT NULL);
--- options of a key of a partitioned table
CREATE TABLE p (a int, b int, UNIQUE (a) WITH (fillfactor = 70), PRIMARY KEY (b, a) WITH (fillfactor = 90) DEFERRABLE INITIALLY DEFERRED) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (9);
=>
CREATE TABLE other (a int);
--- a privilege on a column remains when that on the table is revoked
CREATE TABLE t (a int, b int);
GRANT SELECT, UPDATE ON t TO pg_monitor;
GRANT SELECT (a), INSERT (a) ON t TO pg_monitor;
=>
CREATE TABLE t (a int, b int);
GRANT UPDATE ON t TO pg_monitor;
GRANT SELECT (a), INSERT (a) ON t TO pg_monitor;
--- a privilege on a column of a new table remains when the default ones are revoked
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
=>
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
CREATE TABLE t (a int, b int);
REVOKE SELECT ON t FROM pg_monitor;
GRANT SELECT (a) ON t TO pg_monitor;
--- a domain with the name that another one has had
CREATE DOMAIN positive AS bigint DEFAULT 1 NOT NULL;
CREATE TABLE t (a positive);
=>
CREATE DOMAIN positive AS bigint DEFAULT 1 NOT NULL;
CREATE TABLE t (a positive);
ALTER DOMAIN positive RENAME TO other;
--- a function whose body calls it is refused
CREATE FUNCTION other(a text) RETURNS int LANGUAGE sql RETURN 1;
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
=>
CREATE FUNCTION other(a text) RETURNS int LANGUAGE sql RETURN 1;
CREATE FUNCTION other(a int) RETURNS int LANGUAGE sql RETURN other('a');
CREATE FUNCTION g(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION g(a int) RETURNS int LANGUAGE sql RETURN g(a);
--- a function with a body that calls another version of it
CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql RETURN 1;
=>
CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql RETURN 1;
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql RETURN f('a');
--- an aggregate that depends on an extension
CREATE EXTENSION citext;
CREATE AGGREGATE one(int) (SFUNC = int4pl, STYPE = int);
CREATE AGGREGATE every(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
=>
CREATE EXTENSION citext;
CREATE AGGREGATE one(int) (SFUNC = int4pl, STYPE = int);
CREATE AGGREGATE every(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0');
ALTER FUNCTION one(int) DEPENDS ON EXTENSION citext;
ALTER FUNCTION every() DEPENDS ON EXTENSION citext;
--- a table whose new owner would get it by the default privileges
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
=>
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
CREATE TABLE t (a int);
ALTER TABLE t OWNER TO pg_monitor;
--- an owner loses the option to grant
CREATE TABLE t (a int);
ALTER TABLE t OWNER TO pg_monitor;
GRANT SELECT ON t TO pg_monitor WITH GRANT OPTION;
=>
CREATE TABLE t (a int);
ALTER TABLE t OWNER TO pg_monitor;
--- a replica identity whose index is dropped
CREATE TABLE t (a int NOT NULL);
CREATE UNIQUE INDEX i ON t (a);
=>
CREATE TABLE t (a int NOT NULL);
CREATE UNIQUE INDEX i ON t (a);
ALTER TABLE t REPLICA IDENTITY USING INDEX i;
DROP INDEX i;
--- an extension without its comment
CREATE TABLE t (a int);
=>
CREATE TABLE t (a int);
CREATE EXTENSION citext;
COMMENT ON EXTENSION citext IS NULL;
--- an inherited column with an identity of its own
CREATE TABLE t (id int NOT NULL, a int);
CREATE TABLE child (b int) INHERITS (t);
=>
CREATE TABLE t (id int NOT NULL, a int);
CREATE TABLE child (b int) INHERITS (t);
ALTER TABLE child ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 10);
--- a check of a domain that columns have in an array is refused
CREATE DOMAIN positive AS int;
CREATE TYPE pair AS (a positive, b text);
CREATE TABLE t (a positive[]);
CREATE DOMAIN other AS int;
CREATE TABLE u (a other);
=>
CREATE DOMAIN positive AS int;
CREATE TYPE pair AS (a positive, b text);
CREATE TABLE t (a positive[]);
ALTER DOMAIN positive ADD CONSTRAINT above CHECK (VALUE > 0) NOT VALID;
DROP TABLE t;
ALTER DOMAIN positive VALIDATE CONSTRAINT above;
CREATE TABLE t (a positive[], b pair);
CREATE DOMAIN other AS int NOT NULL;
CREATE TABLE u (a other);
--- a table gets another owner, who had its sequence by the default privileges
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO pg_monitor;
CREATE TABLE t (id serial);
=>
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO pg_monitor;
CREATE TABLE t (id serial);
ALTER TABLE t OWNER TO pg_monitor;
--- a table leaves its type, which gets an attribute
CREATE TYPE pair AS (a int, b text);
CREATE TABLE typed OF pair;
=>
CREATE TYPE pair AS (a int, b text);
CREATE TABLE typed OF pair;
ALTER TABLE typed NOT OF;
ALTER TYPE pair ADD ATTRIBUTE c int;
--- a function that has the name of one of PostgreSQL's, which its body calls
CREATE TABLE t (a int);
=>
CREATE TABLE t (a int);
CREATE FUNCTION abs(p point) RETURNS point LANGUAGE sql IMMUTABLE RETURN point(abs(p[0]), abs(p[1]));
--- another owner than one who lacks a privilege
CREATE TABLE t (a int);
ALTER TABLE t OWNER TO pg_monitor;
REVOKE UPDATE ON t FROM pg_monitor;
=>
CREATE TABLE t (a int);
ALTER TABLE t OWNER TO pg_read_all_stats;
--- a column of an array of the row type of a table that moves to another schema
CREATE SCHEMA app;
CREATE TABLE t2 (id int);
CREATE TABLE t1 (id int, x1 t2[]);
=>
CREATE SCHEMA app;
CREATE TABLE t2 (id int);
CREATE TABLE t1 (id int, x1 t2[]);
ALTER TABLE t2 SET SCHEMA app;
--- a partition that is created next to the default partition
CREATE TABLE t (id int, a text) PARTITION BY RANGE (id);
CREATE TABLE t_default PARTITION OF t DEFAULT;
INSERT INTO t VALUES (20, 'x');
CREATE TABLE p (k text, id int) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('1') PARTITION BY RANGE (id);
CREATE TABLE p1_default PARTITION OF p1 DEFAULT;
=>
CREATE TABLE t (id int, a text) PARTITION BY RANGE (id);
CREATE TABLE t_default PARTITION OF t DEFAULT;
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10);
CREATE INDEX t1_a ON t1 (a);
COMMENT ON TABLE t1 IS 'new';
CREATE TABLE p (k text, id int) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('1') PARTITION BY RANGE (id);
CREATE TABLE p1_default PARTITION OF p1 DEFAULT;
CREATE TABLE p1_1 PARTITION OF p1 FOR VALUES FROM (1) TO (10);
--- publications that have a table with children, and a schema that is renamed
CREATE TABLE t1 (id smallint PRIMARY KEY);
CREATE TABLE t2 (n1 integer DEFAULT 5) INHERITS (t1);
CREATE SCHEMA one;
CREATE PUBLICATION pub1;
CREATE PUBLICATION pub2 WITH (publish = 'insert');
=>
CREATE TABLE t1 (id smallint PRIMARY KEY);
CREATE TABLE t2 (n1 integer DEFAULT 5) INHERITS (t1);
CREATE SCHEMA other;
CREATE PUBLICATION pub1 FOR TABLES IN SCHEMA other;
CREATE PUBLICATION pub2 FOR TABLE t1 (id) WITH (publish = 'insert');
--- a check and a foreign key whose names are free when their columns are dropped
CREATE TABLE u (a int, b int, UNIQUE (a, b));
CREATE TABLE t (id int, buzz real, CONSTRAINT c CHECK (id < buzz), a int, b int, CONSTRAINT f FOREIGN KEY (a, b) REFERENCES u(a, b));
=>
CREATE TABLE u (a int, b int, UNIQUE (a, b));
CREATE TABLE t (new_id int, new_buzz real, CONSTRAINT c CHECK (new_id < new_buzz), new_a int, new_b int, CONSTRAINT f FOREIGN KEY (new_a, new_b) REFERENCES u(a, b));
--- walk_60901
CREATE TYPE mood AS ENUM ('a', 'b', 'c');
CREATE TABLE t2 (id integer CONSTRAINT c1 PRIMARY KEY, e1 mood[], s1 character(8), n1 integer UNIQUE, ts timestamptz DEFAULT now() NOT NULL, g1 integer GENERATED ALWAYS AS (n1 + 1) STORED) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
=>
CREATE TYPE mood AS ENUM ('a', 'b', 'c');
CREATE TABLE t2 (id integer CONSTRAINT c1 PRIMARY KEY, e1 mood[], s1 character(8), n1 integer UNIQUE, ts timestamptz DEFAULT now() NOT NULL, g1 integer GENERATED ALWAYS AS (n1 + 1) STORED) WITH (autovacuum_enabled = false, toast.autovacuum_enabled = false);
ALTER TABLE t2 DROP COLUMN n1 CASCADE, ADD COLUMN n1 mood[];
DROP TYPE mood CASCADE; CREATE TYPE mood AS ENUM ('a', 'b', 'c'); ALTER TABLE t2 ADD COLUMN e1 mood;
--- walk_61764
CREATE SCHEMA app;
CREATE TABLE t2 (id smallint, s1 text, n1 smallint);
CREATE PUBLICATION pub2 FOR TABLE t2 (id, s1) WHERE (id > 0);
CREATE STATISTICS st1 ON n1, id FROM t2;
=>
CREATE SCHEMA app;
CREATE TABLE app.t2 (id smallint, s1 text, n1 smallint);
CREATE PUBLICATION pub2 FOR TABLE app.t2 (id, s1) WHERE (id > 0);
CREATE STATISTICS st1 ON n1, id FROM app.t2;
--- a type whose rows stay as they are, with indexes on the column that have another operator class or the same one
CREATE TABLE t (n integer UNIQUE, o integer, s text, v varchar(10), EXCLUDE USING btree (v WITH =));
CREATE INDEX t_s ON t (s);
CREATE INDEX t_v ON t (v);
=>
CREATE TABLE t (n oid UNIQUE, o oid, s bpchar, v varchar(20), EXCLUDE USING btree (v WITH =));
CREATE INDEX t_s ON t (s);
CREATE INDEX t_v ON t (v);
--- an identity sequence that gets the name of one that goes
CREATE TABLE typed (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME ids));
CREATE TABLE t3 (id bigserial);
=>
CREATE TABLE typed (id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME t3_id_seq));
--- a published table that becomes logged while a column is exchanged
CREATE UNLOGGED TABLE t4 (id bigint, s1 text);
CREATE PUBLICATION pub2 FOR ALL TABLES;
=>
CREATE TABLE t4 (id integer PRIMARY KEY, s1 text);
CREATE PUBLICATION pub2 FOR ALL TABLES;
