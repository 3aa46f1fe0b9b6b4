--- toast_options
CREATE TABLE t (a text) WITH (toast.autovacuum_enabled = false, fillfactor = 60, autovacuum_vacuum_cost_delay = 2.5, toast.autovacuum_vacuum_threshold = 9);
CREATE MATERIALIZED VIEW m WITH (toast.autovacuum_enabled = false, fillfactor = 60) AS SELECT a FROM t;
--- inherited_default_and_not_null
CREATE TABLE p (a int, b int, c int DEFAULT 3, d int DEFAULT 4);
CREATE TABLE c () INHERITS (p);
ALTER TABLE c ALTER a SET DEFAULT 7;
ALTER TABLE c ALTER b SET NOT NULL;
ALTER TABLE c ALTER c DROP DEFAULT;
ALTER TABLE c ALTER d SET DEFAULT 5;
--- inherits_two
CREATE TABLE p (a int CONSTRAINT pos CHECK (a > 0), b text);
CREATE TABLE q (c int, a int);
CREATE TABLE c (d int, a int) INHERITS (q, p);
COMMENT ON COLUMN c.a IS 'from both';
ALTER TABLE p ADD CONSTRAINT not_inherited CHECK (a < 9) NO INHERIT;
--- inherits_later
CREATE TABLE p (a int, b int);
CREATE TABLE c (x int, b int, a int);
ALTER TABLE c INHERIT p;
--- inherits_generated
CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a + 1) STORED);
CREATE TABLE c (h int) INHERITS (p);
--- typed_table
CREATE TYPE ct AS (a int, b text, c int);
CREATE TABLE t OF ct (a WITH OPTIONS PRIMARY KEY, b WITH OPTIONS DEFAULT 'x' NOT NULL, CHECK (c > 0));
CREATE TABLE u OF ct;
ALTER TABLE u ALTER b SET STORAGE EXTERNAL;
--- no_columns
CREATE TABLE t ();
CREATE TYPE empty AS ();
--- second_unique since 15
CREATE TABLE t (a int PRIMARY KEY, b int, UNIQUE (b, a), UNIQUE (a, b));
CREATE TABLE u (a int UNIQUE);
ALTER TABLE u ADD CONSTRAINT x UNIQUE (a) DEFERRABLE INITIALLY DEFERRED, ADD CONSTRAINT y UNIQUE NULLS NOT DISTINCT (a);
ALTER TABLE t ADD CONSTRAINT t_u UNIQUE (a), ADD CONSTRAINT t_v UNIQUE (a);
ALTER TABLE t REPLICA IDENTITY USING INDEX t_v;
--- constraints since 15
CREATE EXTENSION btree_gist;
CREATE TABLE t (a int, b int, r int4range, CONSTRAINT x EXCLUDE USING gist (a WITH =, r WITH &&) WHERE (b > 0) DEFERRABLE, UNIQUE (a) INCLUDE (b) WITH (fillfactor = 70));
CREATE TABLE u (a int REFERENCES t (a) MATCH FULL ON DELETE SET DEFAULT, b int, c int, FOREIGN KEY (b, c) REFERENCES u (b, c) ON DELETE SET NULL (c), UNIQUE (b, c));
ALTER TABLE u ADD CONSTRAINT nv CHECK (a > 0) NOT VALID;
ALTER TABLE u ADD CONSTRAINT nvf FOREIGN KEY (b) REFERENCES t (a) NOT VALID;
COMMENT ON CONSTRAINT nv ON u IS 'unsure';
COMMENT ON CONSTRAINT x ON t IS 'apart';
--- check_calls_function_of_row
CREATE TABLE t (a int, b int);
CREATE FUNCTION ok(t) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a < $1.b';
ALTER TABLE t ADD CONSTRAINT t_ok CHECK (ok(t.*));
COMMENT ON CONSTRAINT t_ok ON t IS 'in order';
--- default_calls_atomic_function
CREATE TABLE t (n int);
CREATE FUNCTION next_n() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT max(n) + 1 FROM t; END;
ALTER TABLE t ALTER n SET DEFAULT next_n();
--- domain_check_calls_function_of_domain
CREATE DOMAIN d AS int;
CREATE FUNCTION ok(d) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
ALTER DOMAIN d ADD CONSTRAINT d_ok CHECK (ok(VALUE));
COMMENT ON CONSTRAINT d_ok ON DOMAIN d IS 'checked';
--- view_calls_function_of_view
CREATE VIEW v AS SELECT 1 AS a, 'x'::text COLLATE "C" AS b;
CREATE FUNCTION f(v) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE VIEW v WITH (security_barrier = true) AS SELECT 1 AS a, 'x'::text COLLATE "C" AS b FROM pg_class WHERE f(ROW(1, 'x')) > 0;
COMMENT ON VIEW v IS 'a circle';
CREATE VIEW w AS SELECT * FROM v;
--- function_reads_view_that_calls_it
CREATE VIEW v AS SELECT 1 AS a;
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM v; END;
CREATE OR REPLACE VIEW v AS SELECT 1 AS a WHERE f() > 0;
--- foreign_key_circle
CREATE TABLE a (id int PRIMARY KEY, b int);
CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;
CREATE TABLE c (id int REFERENCES a);
--- settings
CREATE UNLOGGED TABLE t (a int, b text, c text, d int);
ALTER TABLE t ALTER b SET STORAGE MAIN, ALTER b SET COMPRESSION pglz, ALTER a SET STATISTICS 500, ALTER a SET (n_distinct = -0.5, n_distinct_inherited = 3);
ALTER TABLE t ALTER c SET STATISTICS 0;
ALTER TABLE t REPLICA IDENTITY NOTHING;
ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE t DROP COLUMN d;
CREATE INDEX i ON t (a);
ALTER TABLE t CLUSTER ON i;
CREATE TABLE u (a int NOT NULL, b text COLLATE "POSIX", c varchar(3)[], d numeric(5, 2), e timestamp(3) with time zone, f interval day to second(2), g bit varying(4), "quoted ""x""" int);
CREATE UNIQUE INDEX u_a ON u (a);
ALTER TABLE u REPLICA IDENTITY USING INDEX u_a;
--- access_method since 17
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD heap2 IS 'another heap';
CREATE TABLE t (a int) USING heap2;
CREATE MATERIALIZED VIEW m USING heap2 AS SELECT 1 AS a;
CREATE TABLE p (a int) PARTITION BY LIST (a) USING heap2;
CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
CREATE TABLE d PARTITION OF p FOR VALUES IN (2) USING heap;
--- identity since 15
CREATE TABLE t (a smallint GENERATED ALWAYS AS IDENTITY (MINVALUE 0 START 0 MAXVALUE 9 CYCLE CACHE 5), b int GENERATED BY DEFAULT AS IDENTITY (INCREMENT -1), a_very_long_column_name_that_makes_the_name_of_the_sequence_be_truncated bigint GENERATED ALWAYS AS IDENTITY);
CREATE UNLOGGED TABLE u (a int GENERATED ALWAYS AS IDENTITY);
ALTER SEQUENCE u_a_seq SET LOGGED;
ALTER TABLE t RENAME TO renamed;
--- sequences since 15
CREATE SEQUENCE a AS int MINVALUE -5 MAXVALUE 5 START 2 CYCLE;
CREATE UNLOGGED SEQUENCE b INCREMENT -3 CACHE 4;
CREATE TABLE t (id serial, x int DEFAULT nextval('a'), y int);
CREATE SEQUENCE owned OWNED BY t.y;
COMMENT ON SEQUENCE t_id_seq IS 'ids';
ALTER SEQUENCE a MAXVALUE 500;
--- foreign_table
CREATE EXTENSION postgres_fdw;
CREATE SERVER s TYPE 'pg' VERSION '9' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (port '1', host 'h');
COMMENT ON SERVER s IS 'far';
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', password 'hunter2');
CREATE USER MAPPING FOR CURRENT_USER SERVER s;
CREATE FOREIGN TABLE ft (a int OPTIONS (column_name 'x') NOT NULL, b text COLLATE "C" DEFAULT 'd', g int GENERATED ALWAYS AS (a + 1) STORED, CHECK (a > 0)) SERVER s OPTIONS (table_name 'r', schema_name 'z');
COMMENT ON FOREIGN TABLE ft IS 'remote';
ALTER FOREIGN TABLE ft ALTER a SET STATISTICS 7;
CREATE FOREIGN DATA WRAPPER w OPTIONS (b '1', a '2');
CREATE FOREIGN TABLE plain (a int) SERVER s;
--- quoted_names
CREATE SCHEMA "S p";
CREATE TABLE "S p"."T 1" ("c 1" int CONSTRAINT "k 1" PRIMARY KEY, "user" text DEFAULT E'a\\b\n''c');
CREATE INDEX "i 1" ON "S p"."T 1" ("user");
CREATE TYPE "S p"."E 1" AS ENUM ('a b', 'c''d');
CREATE FUNCTION "S p"."F 1"("x y" "S p"."E 1") RETURNS int LANGUAGE sql AS 'SELECT 1';
COMMENT ON COLUMN "S p"."T 1"."c 1" IS E'back\\slash';
COMMENT ON FUNCTION "S p"."F 1" IS 'quoted';
CREATE VIEW "S p"."V" AS SELECT "user" AS "Select" FROM "S p"."T 1";
--- generated_by_operator_of_own
CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) STORED, c text DEFAULT current_user, d date DEFAULT CURRENT_DATE, e int DEFAULT NULL, f int[] DEFAULT ARRAY[1, 2], g jsonb DEFAULT '{"a": 1}');
--- cast_of_array
CREATE TABLE t (a varchar(9) DEFAULT 'x' CHECK (a IN ('x', 'y')), b boolean GENERATED ALWAYS AS (a IN ('[''', 'y')) STORED);
CREATE INDEX i ON t (a) WHERE a IN ('x', 'y');
CREATE VIEW v AS SELECT a FROM t WHERE a NOT IN ('x', E'\\]', 'z') AND b = ANY (ARRAY[]::boolean[]);
CREATE POLICY p ON t USING (a IN ('x', 'y'));
CREATE FUNCTION f(text[] DEFAULT ARRAY['a'::varchar]::text[]) RETURNS text[] LANGUAGE sql AS 'SELECT ARRAY[1]::text[]';
CREATE DOMAIN d AS varchar CHECK (VALUE IN ('a', 'b'));
--- inherits_everything since 16
CREATE TABLE a (id int PRIMARY KEY, x int NOT NULL DEFAULT 1, CHECK (x > 0));
CREATE TABLE b (y text STORAGE EXTERNAL COMPRESSION pglz);
CREATE TABLE c (id int, z int, CONSTRAINT own CHECK (z > 0)) INHERITS (a, b);
CREATE TABLE d () INHERITS (c);
ALTER TABLE c ALTER y SET STORAGE MAIN;
ALTER TABLE d ALTER x SET DEFAULT 9;
CREATE TABLE e (x int DEFAULT 3 NOT NULL CHECK (x > 0), id int NOT NULL, CONSTRAINT a_x_check CHECK (x > 0));
ALTER TABLE e INHERIT a;
CREATE TABLE f (id int DEFAULT 4) INHERITS (a);
ALTER TABLE f NO INHERIT a; ALTER TABLE f INHERIT a;
CREATE INDEX ON c (id); ALTER TABLE c ADD PRIMARY KEY (id);
COMMENT ON COLUMN d.y IS 'inherited';
CREATE RULE r AS ON INSERT TO a DO INSTEAD NOTHING;
--- names since 15
CREATE SCHEMA "Weird.Schema";
CREATE TABLE "Weird.Schema"."T""x" ("a.b" int, "C d" serial, "select" text GENERATED ALWAYS AS ('x') STORED, CONSTRAINT "c,1" CHECK ("a.b" > 0), CONSTRAINT "u 1" UNIQUE ("a.b", "C d"));
CREATE INDEX "ix(1)" ON "Weird.Schema"."T""x" ("a.b");
ALTER TABLE "Weird.Schema"."T""x" CLUSTER ON "ix(1)";
CREATE TRIGGER "t g" BEFORE UPDATE ON "Weird.Schema"."T""x" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TABLE "Weird.Schema"."T""x" DISABLE TRIGGER "t g";
CREATE POLICY "p 1" ON "Weird.Schema"."T""x" TO dump_app USING (true);
GRANT SELECT ("a.b") ON "Weird.Schema"."T""x" TO dump_app;
CREATE PUBLICATION "P b" FOR TABLE "Weird.Schema"."T""x" ("a.b");
CREATE OPERATOR FAMILY "Weird.Schema"."F am" USING btree;
CREATE OPERATOR CLASS "Weird.Schema"."O c" FOR TYPE int USING btree FAMILY "Weird.Schema"."F am" AS OPERATOR 1 <, FUNCTION 1 btint4cmp(int, int);
CREATE TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" (COPY = simple);
CREATE TEXT SEARCH DICTIONARY "Weird.Schema"."Td" (TEMPLATE = simple);
CREATE TEXT SEARCH TEMPLATE "Weird.Schema"."Tt" (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY "Weird.Schema"."Te" (TEMPLATE = "Weird.Schema"."Tt");
CREATE TYPE "Weird.Schema"."E""n" AS ENUM ('a''b', 'c\d');
CREATE TYPE "Weird.Schema"."R g" AS RANGE (SUBTYPE = int, SUBTYPE_OPCLASS = "Weird.Schema"."O c");
CREATE DOMAIN "Weird.Schema"."D m" AS "Weird.Schema"."E""n" DEFAULT 'c\d';
CREATE FUNCTION "Weird.Schema"."F n"("A b" "Weird.Schema"."D m" DEFAULT 'c\d', VARIADIC "V v" int[] DEFAULT '{}') RETURNS "Weird.Schema"."T""x" LANGUAGE plpgsql AS $_$BEGIN END$_$;
CREATE AGGREGATE "Weird.Schema"."A g"(int) (SFUNC = int4pl, STYPE = int);
CREATE STATISTICS "Weird.Schema"."S t" ON "a.b", "C d" FROM "Weird.Schema"."T""x";
CREATE SEQUENCE "Weird.Schema"."S q";
CREATE COLLATION "Weird.Schema"."C l" (LOCALE = 'C');
CREATE FOREIGN DATA WRAPPER "W r" OPTIONS ("Opt A" 'v''1');
CREATE SERVER "S v" FOREIGN DATA WRAPPER "W r";
CREATE USER MAPPING FOR dump_app SERVER "S v" OPTIONS ("User N" 'x');
CREATE FOREIGN TABLE "Weird.Schema"."F t" ("c 1" int OPTIONS ("N m" 'x y')) SERVER "S v";
CREATE EXTENSION "uuid-ossp" SCHEMA "Weird.Schema";
COMMENT ON CONSTRAINT "c,1" ON "Weird.Schema"."T""x" IS 'x';
ALTER TABLE "Weird.Schema"."T""x" OWNER TO dump_app;
ALTER DEFAULT PRIVILEGES FOR ROLE dump_app IN SCHEMA "Weird.Schema" GRANT SELECT ON TABLES TO dump_app;
--- several_circles
CREATE TABLE t (a int);
CREATE FUNCTION f(t) RETURNS int LANGUAGE sql IMMUTABLE RETURN 1;
ALTER TABLE t ADD CONSTRAINT c CHECK (f(t.*) > 0) NOT VALID;
CREATE INDEX i ON t (f(t.*));
CREATE TABLE k (id int PRIMARY KEY, v int);
CREATE FUNCTION grp() RETURNS TABLE (id int, v int) LANGUAGE sql BEGIN ATOMIC SELECT k.id, k.v FROM k GROUP BY k.id; END;
CREATE VIEW kv AS SELECT * FROM grp();
CREATE DOMAIN dd AS int; CREATE FUNCTION df() RETURNS dd LANGUAGE sql AS 'SELECT 1::dd'; ALTER DOMAIN dd SET DEFAULT 5;
CREATE VIEW v1 AS SELECT 1 AS a; CREATE VIEW v2 AS SELECT a FROM v1; CREATE FUNCTION fv(v2) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OR REPLACE VIEW v1 AS SELECT fv(NULL) AS a;
CREATE RULE r AS ON INSERT TO v2 DO INSTEAD NOTHING;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr INSTEAD OF DELETE ON v1 FOR EACH ROW EXECUTE FUNCTION tf();
--- comments of constraints that partitions and children have from their tables
CREATE TABLE z (id int PRIMARY KEY);
CREATE TABLE p (k int, a int CONSTRAINT f REFERENCES z, CONSTRAINT c CHECK (a > 0)) PARTITION BY LIST (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE h (a int CONSTRAINT hc CHECK (a > 0));
CREATE TABLE h1 () INHERITS (h);
COMMENT ON CONSTRAINT f ON p1 IS 'fk of p1';
COMMENT ON CONSTRAINT f ON p IS 'fk of p';
COMMENT ON CONSTRAINT c ON p1 IS 'check of p1';
COMMENT ON CONSTRAINT hc ON h1 IS 'check of h1';
