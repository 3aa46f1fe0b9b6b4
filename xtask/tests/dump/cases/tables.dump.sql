--- toast_options

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE t (
  a text
) WITH (fillfactor=60, autovacuum_vacuum_cost_delay=2.5, toast.autovacuum_enabled=false, toast.autovacuum_vacuum_threshold=9);

CREATE MATERIALIZED VIEW m WITH (fillfactor=60, toast.autovacuum_enabled=false) AS
 SELECT a
   FROM t
WITH NO DATA;
--- inherited_default_and_not_null

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b integer,
  c integer DEFAULT 3,
  d integer DEFAULT 4
);

CREATE TABLE c () INHERITS (p);
ALTER TABLE c ALTER COLUMN b SET NOT NULL;
ALTER TABLE c ALTER COLUMN c DROP DEFAULT;
ALTER TABLE ONLY c ALTER COLUMN a SET DEFAULT 7;
ALTER TABLE ONLY c ALTER COLUMN d SET DEFAULT 5;
--- inherits_two

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b text,
  CONSTRAINT not_inherited CHECK (a < 9) NO INHERIT,
  CONSTRAINT pos CHECK (a > 0)
);

CREATE TABLE q (
  c integer,
  a integer
);

CREATE TABLE c (
  a integer,
  d integer
) INHERITS (q, p);
COMMENT ON COLUMN c.a IS 'from both';
--- inherits_later

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b integer
);

CREATE TABLE c (
  x integer,
  b integer,
  a integer
);
ALTER TABLE c INHERIT p;
--- inherits_generated

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  g integer GENERATED ALWAYS AS (a + 1) STORED
);

CREATE TABLE c (
  h integer
) INHERITS (p);
--- typed_table

SET check_function_bodies = off;
SET search_path = public;

CREATE TYPE ct AS (
  a integer,
  b text,
  c integer
);

CREATE TABLE t OF ct (
  a WITH OPTIONS NOT NULL,
  b WITH OPTIONS DEFAULT 'x'::text NOT NULL,
  CONSTRAINT t_pkey PRIMARY KEY (a),
  CONSTRAINT t_c_check CHECK (c > 0)
);

CREATE TABLE u OF ct;
ALTER TABLE u ALTER COLUMN b SET STORAGE EXTERNAL;
--- no_columns

SET check_function_bodies = off;
SET search_path = public;

CREATE TYPE empty AS ();

CREATE TABLE t ();
--- second_unique

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE t (
  a integer NOT NULL,
  b integer,
  CONSTRAINT t_pkey PRIMARY KEY (a),
  CONSTRAINT t_a_b_key UNIQUE (a, b),
  CONSTRAINT t_b_a_key UNIQUE (b, a)
);
ALTER TABLE ONLY t ADD CONSTRAINT t_u UNIQUE (a);
ALTER TABLE ONLY t ADD CONSTRAINT t_v UNIQUE (a);
ALTER TABLE t REPLICA IDENTITY USING INDEX t_v;

CREATE TABLE u (
  a integer,
  CONSTRAINT u_a_key UNIQUE (a)
);
ALTER TABLE ONLY u ADD CONSTRAINT x UNIQUE (a) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY u ADD CONSTRAINT y UNIQUE NULLS NOT DISTINCT (a);
--- constraints

SET check_function_bodies = off;
SET search_path = public;

CREATE EXTENSION btree_gist SCHEMA public VERSION '1.7';
COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE TABLE t (
  a integer,
  b integer,
  r int4range,
  CONSTRAINT t_a_b_key UNIQUE (a) INCLUDE (b),
  CONSTRAINT x EXCLUDE USING gist (a WITH =, r WITH &&) WHERE (b > 0) DEFERRABLE
);
COMMENT ON CONSTRAINT x ON t IS 'apart';
ALTER INDEX t_a_b_key SET (fillfactor=70);

CREATE TABLE u (
  a integer,
  b integer,
  c integer,
  CONSTRAINT u_b_c_key UNIQUE (b, c)
);
ALTER TABLE u ADD CONSTRAINT nv CHECK (a > 0) NOT VALID;
COMMENT ON CONSTRAINT nv ON u IS 'unsure';
ALTER TABLE u ADD CONSTRAINT nvf FOREIGN KEY (b) REFERENCES t(a) NOT VALID;
ALTER TABLE u ADD CONSTRAINT u_a_fkey FOREIGN KEY (a) REFERENCES t(a) MATCH FULL ON DELETE SET DEFAULT;
ALTER TABLE u ADD CONSTRAINT u_b_c_fkey FOREIGN KEY (b, c) REFERENCES u(b, c) ON DELETE SET NULL (c);
--- check_calls_function_of_row

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE t (
  a integer,
  b integer
);

CREATE OR REPLACE FUNCTION public.ok(t)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1.a < $1.b$function$;

ALTER TABLE t ADD CONSTRAINT t_ok CHECK (ok(t.*));
COMMENT ON CONSTRAINT t_ok ON t IS 'in order';
--- default_calls_atomic_function

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE t (
  n integer
);

CREATE OR REPLACE FUNCTION public.next_n()
 RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT (max(t.n) + 1)
    FROM t;
END;

ALTER TABLE ONLY t ALTER COLUMN n SET DEFAULT next_n();
--- domain_check_calls_function_of_domain

SET check_function_bodies = off;
SET search_path = public;

CREATE DOMAIN d AS integer;

CREATE OR REPLACE FUNCTION public.ok(d)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1 > 0$function$;

ALTER DOMAIN d ADD CONSTRAINT d_ok CHECK (ok(VALUE::d));
COMMENT ON CONSTRAINT d_ok ON DOMAIN d IS 'checked';
--- view_calls_function_of_view

SET check_function_bodies = off;
SET search_path = public;

CREATE VIEW v AS
 SELECT NULL::integer AS a,
    NULL::text COLLATE "C" AS b;
COMMENT ON VIEW v IS 'a circle';

CREATE OR REPLACE FUNCTION public.f(v)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

CREATE OR REPLACE VIEW v WITH (security_barrier=true) AS
 SELECT 1 AS a,
    'x'::text COLLATE "C" AS b
   FROM pg_class
  WHERE f(ROW(1, 'x'::text)) > 0;

CREATE VIEW w AS
 SELECT a,
    b
   FROM v;
--- function_reads_view_that_calls_it

SET check_function_bodies = off;
SET search_path = public;

CREATE VIEW v AS
 SELECT NULL::integer AS a;

CREATE OR REPLACE FUNCTION public.f()
 RETURNS bigint
 LANGUAGE sql
BEGIN ATOMIC
 SELECT count(*) AS count
    FROM v;
END;

CREATE OR REPLACE VIEW v AS
 SELECT 1 AS a
  WHERE f() > 0;
--- foreign_key_circle

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE a (
  id integer NOT NULL,
  b integer,
  CONSTRAINT a_pkey PRIMARY KEY (id)
);

CREATE TABLE b (
  id integer NOT NULL,
  a integer,
  CONSTRAINT b_pkey PRIMARY KEY (id)
);
ALTER TABLE b ADD CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES a(id);

ALTER TABLE a ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES b(id);

CREATE TABLE c (
  id integer
);
ALTER TABLE c ADD CONSTRAINT c_id_fkey FOREIGN KEY (id) REFERENCES a(id);
--- settings

SET check_function_bodies = off;
SET search_path = public;

CREATE UNLOGGED TABLE t (
  a integer,
  b text,
  c text
);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t FORCE ROW LEVEL SECURITY;
ALTER TABLE t REPLICA IDENTITY NOTHING;
ALTER TABLE t ALTER COLUMN a SET STATISTICS 500;
ALTER TABLE t ALTER COLUMN a SET (n_distinct=-0.5, n_distinct_inherited=3);
ALTER TABLE t ALTER COLUMN b SET STORAGE MAIN;
ALTER TABLE t ALTER COLUMN b SET COMPRESSION pglz;
ALTER TABLE t ALTER COLUMN c SET STATISTICS 0;
CREATE INDEX i ON t USING btree (a);
ALTER TABLE t CLUSTER ON i;

CREATE TABLE u (
  a integer NOT NULL,
  b text COLLATE "POSIX",
  c character varying(3)[],
  d numeric(5,2),
  e timestamp(3) with time zone,
  f interval day to second(2),
  g bit varying(4),
  "quoted ""x""" integer
);
CREATE UNIQUE INDEX u_a ON u USING btree (a);
ALTER TABLE u REPLICA IDENTITY USING INDEX u_a;
--- access_method

SET check_function_bodies = off;
SET search_path = public;

CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD heap2 IS 'another heap';

CREATE TABLE p (
  a integer
) PARTITION BY LIST (a) USING heap2;

CREATE TABLE c PARTITION OF p FOR VALUES IN (1);

CREATE TABLE d PARTITION OF p FOR VALUES IN (2) USING heap;

CREATE TABLE t (
  a integer
) USING heap2;

CREATE MATERIALIZED VIEW m USING heap2 AS
 SELECT 1 AS a
WITH NO DATA;
--- identity

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE renamed (
  a smallint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME t_a_seq MINVALUE 0 MAXVALUE 9 CACHE 5 CYCLE),
  b integer GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME t_b_seq INCREMENT BY -1),
  a_very_long_column_name_that_makes_the_name_of_the_sequence_be_ bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME t_a_very_long_column_name_that_makes_the_name_of_the_sequen_seq)
);

CREATE UNLOGGED TABLE u (
  a integer GENERATED ALWAYS AS IDENTITY
);
ALTER SEQUENCE u_a_seq SET LOGGED;
--- sequences

SET check_function_bodies = off;
SET search_path = public;

CREATE SEQUENCE a AS integer MINVALUE -5 MAXVALUE 500 START WITH 2 CYCLE;

CREATE UNLOGGED SEQUENCE b INCREMENT BY -3 CACHE 4;

CREATE SEQUENCE owned;
CREATE SEQUENCE t_id_seq AS integer;
COMMENT ON SEQUENCE t_id_seq IS 'ids';
CREATE TABLE t (
  id integer DEFAULT nextval('t_id_seq'::regclass) NOT NULL,
  x integer DEFAULT nextval('a'::regclass),
  y integer
);
ALTER SEQUENCE owned OWNED BY t.y;
ALTER SEQUENCE t_id_seq OWNED BY t.id;
--- foreign_table

SET check_function_bodies = off;
SET search_path = public;

CREATE EXTENSION postgres_fdw SCHEMA public VERSION '1.1';
COMMENT ON EXTENSION postgres_fdw IS 'foreign-data wrapper for remote PostgreSQL servers';

CREATE SERVER s TYPE 'pg' VERSION '9' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h', port '1');
COMMENT ON SERVER s IS 'far';
CREATE USER MAPPING FOR postgres SERVER s;
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (password '********', "user" 'u');

CREATE FOREIGN DATA WRAPPER w OPTIONS (a '2', b '1');

CREATE FOREIGN TABLE ft (
  a integer OPTIONS (column_name 'x') NOT NULL,
  b text COLLATE "C" DEFAULT 'd'::text,
  g integer GENERATED ALWAYS AS (a + 1) STORED,
  CONSTRAINT ft_a_check CHECK (a > 0)
) SERVER s OPTIONS (schema_name 'z', table_name 'r');
ALTER TABLE ft ALTER COLUMN a SET STATISTICS 7;
COMMENT ON FOREIGN TABLE ft IS 'remote';

CREATE FOREIGN TABLE plain (
  a integer
) SERVER s;
--- quoted_names

SET check_function_bodies = off;
SET search_path = public;

CREATE SCHEMA "S p";

CREATE TYPE "S p"."E 1" AS ENUM (
  'a b',
  'c''d'
);

CREATE OR REPLACE FUNCTION "S p"."F 1"("x y" "S p"."E 1")
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;
COMMENT ON FUNCTION "S p"."F 1"("S p"."E 1") IS 'quoted';

CREATE TABLE "S p"."T 1" (
  "c 1" integer NOT NULL,
  "user" text DEFAULT 'a\b
''c'::text,
  CONSTRAINT "k 1" PRIMARY KEY ("c 1")
);
COMMENT ON COLUMN "S p"."T 1"."c 1" IS E'back\\slash';
CREATE INDEX "i 1" ON "S p"."T 1" USING btree ("user");

CREATE VIEW "S p"."V" AS
 SELECT "user" AS "Select"
   FROM "S p"."T 1";
--- generated_by_operator_of_own

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE t (
  a integer,
  b integer GENERATED ALWAYS AS (a + 1) STORED,
  c text DEFAULT CURRENT_USER,
  d date DEFAULT CURRENT_DATE,
  e integer,
  f integer[] DEFAULT ARRAY[1, 2],
  g jsonb DEFAULT '{"a": 1}'::jsonb
);
--- cast_of_array

SET check_function_bodies = off;
SET search_path = public;

CREATE DOMAIN d AS character varying
  CONSTRAINT d_check CHECK (VALUE::text = ANY (ARRAY['a'::character varying, 'b'::character varying]));

CREATE OR REPLACE FUNCTION public.f(text[] DEFAULT ARRAY[('a'::character varying)::text])
 RETURNS text[]
 LANGUAGE sql
AS $function$SELECT ARRAY[1]::text[]$function$;

CREATE TABLE t (
  a character varying(9) DEFAULT 'x'::character varying,
  b boolean GENERATED ALWAYS AS (a::text = ANY (ARRAY['['''::character varying, 'y'::character varying])) STORED,
  CONSTRAINT t_a_check CHECK (a::text = ANY (ARRAY['x'::character varying, 'y'::character varying]))
);
CREATE INDEX i ON t USING btree (a) WHERE a::text = ANY (ARRAY['x'::character varying, 'y'::character varying]);
CREATE POLICY p ON t USING (a::text = ANY (ARRAY['x'::character varying, 'y'::character varying]));

CREATE VIEW v AS
 SELECT a
   FROM t
  WHERE (a::text <> ALL (ARRAY['x'::character varying, '\]'::character varying, 'z'::character varying])) AND (b = ANY (ARRAY[]::boolean[]));
--- inherits_everything

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE a (
  id integer NOT NULL,
  x integer DEFAULT 1 NOT NULL,
  CONSTRAINT a_pkey PRIMARY KEY (id),
  CONSTRAINT a_x_check CHECK (x > 0)
);
CREATE RULE r AS
    ON INSERT TO a DO INSTEAD NOTHING;

CREATE TABLE b (
  y text
);
ALTER TABLE b ALTER COLUMN y SET STORAGE EXTERNAL;
ALTER TABLE b ALTER COLUMN y SET COMPRESSION pglz;

CREATE TABLE c (
  id integer NOT NULL,
  z integer,
  CONSTRAINT c_pkey PRIMARY KEY (id),
  CONSTRAINT own CHECK (z > 0)
) INHERITS (a, b);
ALTER TABLE c ALTER COLUMN y SET STORAGE MAIN;
CREATE INDEX c_id_idx ON c USING btree (id);

CREATE TABLE d () INHERITS (c);
COMMENT ON COLUMN d.y IS 'inherited';
ALTER TABLE ONLY d ALTER COLUMN x SET DEFAULT 9;

CREATE TABLE e (
  x integer DEFAULT 3 NOT NULL,
  id integer NOT NULL,
  CONSTRAINT a_x_check CHECK (x > 0),
  CONSTRAINT e_x_check CHECK (x > 0)
);
ALTER TABLE e INHERIT a;

CREATE TABLE f (
  id integer DEFAULT 4 NOT NULL,
  x integer DEFAULT 1 NOT NULL,
  CONSTRAINT a_x_check CHECK (x > 0)
) INHERITS (a);
--- names

SET check_function_bodies = off;
SET search_path = public;

CREATE SCHEMA "Weird.Schema";

CREATE EXTENSION "uuid-ossp" SCHEMA "Weird.Schema" VERSION '1.1';
COMMENT ON EXTENSION "uuid-ossp" IS 'generate universally unique identifiers (UUIDs)';

CREATE COLLATION "Weird.Schema"."C l" (PROVIDER = libc, LOCALE = 'C');

CREATE TYPE "Weird.Schema"."E""n" AS ENUM (
  'a''b',
  E'c\\d'
);

CREATE DOMAIN "Weird.Schema"."D m" AS "Weird.Schema"."E""n" DEFAULT 'c\d'::"Weird.Schema"."E""n";

CREATE AGGREGATE "Weird.Schema"."A g"(integer) (SFUNC = int4pl, STYPE = integer);

CREATE OPERATOR FAMILY "Weird.Schema"."F am" USING btree;
CREATE OPERATOR CLASS "Weird.Schema"."O c" FOR TYPE integer USING btree FAMILY "Weird.Schema"."F am" AS
  OPERATOR 1 pg_catalog.< (integer, integer),
  FUNCTION 1 (integer, integer) btint4cmp(integer,integer);

CREATE TYPE "Weird.Schema"."R g" AS RANGE (SUBTYPE = integer, SUBTYPE_OPCLASS = "Weird.Schema"."O c", MULTIRANGE_TYPE_NAME = "Weird.Schema"."R g_multirange");

CREATE SEQUENCE "Weird.Schema"."S q";

CREATE TEXT SEARCH DICTIONARY "Weird.Schema"."Td" (TEMPLATE = pg_catalog.simple);

CREATE TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR asciihword WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR asciiword WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR email WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR file WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR "float" WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR host WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR hword WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR hword_asciipart WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR hword_numpart WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR hword_part WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR "int" WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR numhword WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR numword WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR sfloat WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR uint WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR url WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR url_path WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR version WITH simple;
ALTER TEXT SEARCH CONFIGURATION "Weird.Schema"."Ts" ADD MAPPING FOR word WITH simple;

CREATE TEXT SEARCH TEMPLATE "Weird.Schema"."Tt" (LEXIZE = dsimple_lexize);

CREATE TEXT SEARCH DICTIONARY "Weird.Schema"."Te" (TEMPLATE = "Weird.Schema"."Tt");

CREATE FOREIGN DATA WRAPPER "W r" OPTIONS ("Opt A" 'v''1');

CREATE SERVER "S v" FOREIGN DATA WRAPPER "W r";
CREATE USER MAPPING FOR dump_app SERVER "S v" OPTIONS ("User N" 'x');

CREATE FOREIGN TABLE "Weird.Schema"."F t" (
  "c 1" integer OPTIONS ("N m" 'x y')
) SERVER "S v";

CREATE SEQUENCE "Weird.Schema"."T""x_C d_seq" AS integer;
CREATE TABLE "Weird.Schema"."T""x" (
  "a.b" integer,
  "C d" integer DEFAULT nextval('"Weird.Schema"."T""x_C d_seq"'::regclass) NOT NULL,
  "select" text GENERATED ALWAYS AS ('x'::text) STORED,
  CONSTRAINT "c,1" CHECK ("a.b" > 0),
  CONSTRAINT "u 1" UNIQUE ("a.b", "C d")
);
ALTER SEQUENCE "Weird.Schema"."T""x_C d_seq" OWNED BY "Weird.Schema"."T""x"."C d";
ALTER TABLE "Weird.Schema"."T""x" OWNER TO dump_app;
COMMENT ON CONSTRAINT "c,1" ON "Weird.Schema"."T""x" IS 'x';
GRANT SELECT ("a.b") ON TABLE "Weird.Schema"."T""x" TO dump_app;
CREATE INDEX "ix(1)" ON "Weird.Schema"."T""x" USING btree ("a.b");
ALTER TABLE "Weird.Schema"."T""x" CLUSTER ON "ix(1)";
CREATE STATISTICS "Weird.Schema"."S t" ON "C d", "a.b" FROM "Weird.Schema"."T""x";
CREATE TRIGGER "t g" BEFORE UPDATE ON "Weird.Schema"."T""x" FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TABLE "Weird.Schema"."T""x" DISABLE TRIGGER "t g";
CREATE POLICY "p 1" ON "Weird.Schema"."T""x" TO dump_app USING (true);

CREATE OR REPLACE FUNCTION "Weird.Schema"."F n"("A b" "Weird.Schema"."D m" DEFAULT 'c\d'::"Weird.Schema"."E""n", VARIADIC "V v" integer[] DEFAULT '{}'::integer[])
 RETURNS "Weird.Schema"."T""x"
 LANGUAGE plpgsql
AS $function$BEGIN END$function$;

CREATE PUBLICATION "P b" FOR TABLE "Weird.Schema"."T""x" ("a.b") WITH (publish = 'insert, update, delete, truncate');

ALTER DEFAULT PRIVILEGES FOR ROLE dump_app IN SCHEMA "Weird.Schema" GRANT SELECT ON TABLES TO dump_app;
--- several_circles

SET check_function_bodies = off;
SET search_path = public;

CREATE DOMAIN dd AS integer DEFAULT 5;

CREATE OR REPLACE FUNCTION public.df()
 RETURNS dd
 LANGUAGE sql
AS $function$SELECT 1::dd$function$;

CREATE OR REPLACE FUNCTION public.tf()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;

CREATE TABLE k (
  id integer NOT NULL,
  v integer,
  CONSTRAINT k_pkey PRIMARY KEY (id)
);

CREATE OR REPLACE FUNCTION public.grp()
 RETURNS TABLE(id integer, v integer)
 LANGUAGE sql
BEGIN ATOMIC
 SELECT k.id,
     k.v
    FROM k
   GROUP BY k.id;
END;

CREATE TABLE t (
  a integer
);

CREATE OR REPLACE FUNCTION public.f(t)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN 1;

ALTER TABLE t ADD CONSTRAINT c CHECK (f(t.*) > 0) NOT VALID;
CREATE INDEX i ON t USING btree (f(t.*));

CREATE VIEW kv AS
 SELECT id,
    v
   FROM grp() grp(id, v);

CREATE VIEW v1 AS
 SELECT NULL::integer AS a;
CREATE TRIGGER tr INSTEAD OF DELETE ON v1 FOR EACH ROW EXECUTE FUNCTION tf();

CREATE VIEW v2 AS
 SELECT NULL::integer AS a;
CREATE OR REPLACE VIEW v2 AS
 SELECT a
   FROM v1;
CREATE RULE r AS
    ON INSERT TO v2 DO INSTEAD NOTHING;

CREATE OR REPLACE FUNCTION public.fv(v2)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

CREATE OR REPLACE VIEW v1 AS
 SELECT fv(NULL::v2) AS a;
--- comments of constraints that partitions and children have from their tables

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE h (
  a integer,
  CONSTRAINT hc CHECK (a > 0)
);

CREATE TABLE h1 () INHERITS (h);

CREATE TABLE z (
  id integer NOT NULL,
  CONSTRAINT z_pkey PRIMARY KEY (id)
);

CREATE TABLE p (
  k integer,
  a integer,
  CONSTRAINT c CHECK (a > 0)
) PARTITION BY LIST (k);
ALTER TABLE p ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES z(id);
COMMENT ON CONSTRAINT f ON p IS 'fk of p';

CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);

COMMENT ON CONSTRAINT c ON p1 IS 'check of p1';
COMMENT ON CONSTRAINT f ON p1 IS 'fk of p1';
COMMENT ON CONSTRAINT hc ON h1 IS 'check of h1';
