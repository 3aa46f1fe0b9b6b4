--- aggregate_moving

SET check_function_bodies = off;
SET search_path = public;

CREATE AGGREGATE s(double precision) (SFUNC = float8pl, STYPE = double precision, SSPACE = 64, INITCOND = '1', MSFUNC = float8pl, MINVFUNC = float8mi, MSTYPE = double precision, MSSPACE = 32, MINITCOND = '0');
--- aggregate_star

SET check_function_bodies = off;
SET search_path = public;

CREATE AGGREGATE c(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
COMMENT ON AGGREGATE c(*) IS 'x';
--- aggregates

SET check_function_bodies = off;
SET search_path = public;

CREATE AGGREGATE big(bigint) (SFUNC = int8_avg_accum, STYPE = internal, FINALFUNC = numeric_poly_avg, FINALFUNC_MODIFY = SHAREABLE, COMBINEFUNC = int8_avg_combine, SERIALFUNC = int8_avg_serialize, DESERIALFUNC = int8_avg_deserialize, PARALLEL = SAFE);

CREATE AGGREGATE least_of(a integer) (SFUNC = int4smaller, STYPE = integer, SORTOP = OPERATOR(pg_catalog.<), PARALLEL = RESTRICTED);

CREATE AGGREGATE mfinal(double precision) (SFUNC = float8pl, STYPE = double precision, FINALFUNC = float8abs, MSFUNC = float8pl, MINVFUNC = float8mi, MSTYPE = double precision, MFINALFUNC = float8abs, MFINALFUNC_MODIFY = READ_WRITE);

CREATE AGGREGATE my_rank(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);

CREATE AGGREGATE quantile(double precision ORDER BY double precision) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA, FINALFUNC_MODIFY = READ_ONLY);
COMMENT ON AGGREGATE quantile(double precision,double precision) IS 'ordered';
--- functions

SET check_function_bodies = off;
SET search_path = public;

CREATE OR REPLACE FUNCTION public.atomic(a integer)
 RETURNS integer
 LANGUAGE sql
RETURN (a + 1);

CREATE OR REPLACE FUNCTION public.dollar()
 RETURNS text
 LANGUAGE sql
AS $functionx$SELECT '$function$ $body$'$functionx$;

CREATE OR REPLACE FUNCTION public.f(a integer, b text DEFAULT 'x'::text, VARIADIC c integer[] DEFAULT '{}'::integer[])
 RETURNS TABLE(d integer, e text)
 LANGUAGE sql
 STABLE PARALLEL SAFE LEAKPROOF COST 7 ROWS 3
 SET search_path TO 'public', 'pg_temp'
 SET work_mem TO '8MB'
AS $function$SELECT 1, 'x'$function$;

CREATE OR REPLACE FUNCTION public.g(INOUT a integer, OUT b integer)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
AS $function$ BEGIN b := 1; END $function$;

CREATE OR REPLACE PROCEDURE public.p(IN a integer, INOUT b integer DEFAULT 2)
 LANGUAGE sql
BEGIN ATOMIC
 SELECT atomic(a) AS atomic;
END;
COMMENT ON PROCEDURE p(integer,integer) IS 'procedure';

CREATE OR REPLACE FUNCTION public.s(internal)
 RETURNS internal
 LANGUAGE internal
AS $function$generate_series_int4_support$function$;

CREATE OR REPLACE FUNCTION public.h(integer)
 RETURNS SETOF integer
 LANGUAGE sql
 SUPPORT s
AS $function$SELECT 1$function$;

CREATE OR REPLACE FUNCTION public.w(integer)
 RETURNS bigint
 LANGUAGE internal
 WINDOW IMMUTABLE STRICT
AS $function$window_row_number$function$;
--- event_triggers

SET check_function_bodies = off;
SET search_path = public;

CREATE OR REPLACE FUNCTION public.f()
 RETURNS event_trigger
 LANGUAGE plpgsql
AS $function$BEGIN RAISE EXCEPTION 'no'; END$function$;

CREATE PUBLICATION p FOR ALL TABLES WITH (publish = 'insert, update, delete, truncate');

CREATE EVENT TRIGGER d ON sql_drop EXECUTE FUNCTION f();
ALTER EVENT TRIGGER d DISABLE;

CREATE EVENT TRIGGER e ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE PUBLICATION') EXECUTE FUNCTION f();
COMMENT ON EVENT TRIGGER e IS 'refuses';

CREATE EVENT TRIGGER z ON table_rewrite EXECUTE FUNCTION f();
ALTER EVENT TRIGGER z ENABLE ALWAYS;
--- triggers

SET check_function_bodies = off;
SET search_path = public;

CREATE OR REPLACE FUNCTION public.f()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NULL; END$function$;

CREATE TABLE t (
  a integer,
  b integer
);
CREATE TRIGGER a AFTER UPDATE ON t REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION f('x', 'it''s');
ALTER TABLE t DISABLE TRIGGER a;
CREATE CONSTRAINT TRIGGER c AFTER INSERT ON t FROM t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.a > 0) EXECUTE FUNCTION f();
CREATE TRIGGER d BEFORE TRUNCATE ON t FOR EACH STATEMENT EXECUTE FUNCTION f();
ALTER TABLE t ENABLE REPLICA TRIGGER d;
CREATE TRIGGER e BEFORE UPDATE OF b, a ON t FOR EACH ROW EXECUTE FUNCTION f();

CREATE VIEW v AS
 SELECT a
   FROM t;
CREATE TRIGGER b INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();
COMMENT ON TRIGGER b ON v IS 'instead';
--- rules

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE t (
  a integer
);
CREATE RULE n AS
    ON UPDATE TO t
   WHERE new.a > 1 DO ( SELECT 1 AS "?column?";
 DELETE FROM t;
);
ALTER TABLE t DISABLE RULE n;
CREATE RULE o AS
    ON DELETE TO t DO INSTEAD NOTHING;
ALTER TABLE t ENABLE ALWAYS RULE o;

CREATE VIEW v AS
 SELECT a
   FROM t;
CREATE RULE r AS
    ON INSERT TO v DO INSTEAD  INSERT INTO t (a)
  VALUES (new.a)
  RETURNING t.a;
COMMENT ON RULE r ON v IS 'writes';
--- policies

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE t (
  a integer,
  b text
);
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY b ON t FOR INSERT WITH CHECK (true);
CREATE POLICY c ON t FOR SELECT TO postgres USING (true);

CREATE TABLE u (
  a integer
);

CREATE POLICY a ON t AS RESTRICTIVE TO dump_app, dump_other USING ((a IN ( SELECT u.a
   FROM u))) WITH CHECK (b = CURRENT_USER);
COMMENT ON POLICY a ON t IS 'limits';
--- views

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE t (
  a integer NOT NULL,
  b integer,
  CONSTRAINT t_pkey PRIMARY KEY (a)
);

CREATE VIEW a WITH (check_option=local, security_invoker=true) AS
 SELECT a,
    b
   FROM t
  WHERE a > 1;
COMMENT ON COLUMN a.b IS 'b';
ALTER VIEW a ALTER COLUMN b SET DEFAULT 9;

CREATE VIEW b AS
 SELECT a,
    b,
    count(*) AS n
   FROM t
  GROUP BY a;

CREATE VIEW c AS
 WITH RECURSIVE c(n) AS (
         VALUES (1)
        UNION ALL
         SELECT c_1.n + 1
           FROM c c_1
          WHERE c_1.n < 5
        )
 SELECT n
   FROM c;

CREATE VIEW d AS
 SELECT a AS y,
    ( SELECT max(t.b) AS max
           FROM t) AS z,
    row_number() OVER (PARTITION BY b ORDER BY a DESC) AS row_number
   FROM t x;

CREATE MATERIALIZED VIEW m WITH (fillfactor=50) AS
 SELECT a,
    b
   FROM t
WITH NO DATA;
ALTER TABLE m ALTER COLUMN b SET STATISTICS 5;
COMMENT ON COLUMN m.a IS 'a';
CREATE UNIQUE INDEX m_a ON m USING btree (a);
CREATE INDEX m_b ON m USING btree (b) WHERE a > 0;
ALTER TABLE m CLUSTER ON m_a;

CREATE MATERIALIZED VIEW n AS
 SELECT a
   FROM m
WITH NO DATA;
--- indexes

SET check_function_bodies = off;
SET search_path = public;

CREATE EXTENSION pg_trgm SCHEMA public VERSION '1.6';
COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE TABLE t (
  a integer,
  b text,
  c integer[],
  d jsonb,
  e tsvector
);
CREATE INDEX i1 ON t USING gin (d jsonb_path_ops) WITH (fastupdate=off);
CREATE INDEX i2 ON t USING gist (b gist_trgm_ops (siglen='32'));
CREATE INDEX i3 ON t USING btree (b COLLATE "C" text_pattern_ops DESC NULLS LAST, (a + 1)) INCLUDE (c) WHERE a > 0;
ALTER INDEX i3 ALTER COLUMN 2 SET STATISTICS 50;
CREATE UNIQUE INDEX i4 ON t USING btree (a) NULLS NOT DISTINCT WITH (deduplicate_items=off, fillfactor='70');
CREATE INDEX i5 ON t USING brin (a) WITH (pages_per_range='4');
CREATE INDEX i6 ON t USING hash (b);
COMMENT ON INDEX i6 IS 'hashed';
CREATE STATISTICS public.s1 (ndistinct, mcv) ON a, b FROM t;
ALTER STATISTICS public.s1 SET STATISTICS 9;
COMMENT ON STATISTICS public.s1 IS 'stats';
CREATE STATISTICS public.s2 ON b, (a + 1) FROM t;
--- depends_on_extension

SET check_function_bodies = off;
SET search_path = public;

CREATE EXTENSION hstore SCHEMA public VERSION '1.8';
COMMENT ON EXTENSION hstore IS 'data type for storing sets of (key, value) pairs';

CREATE OR REPLACE FUNCTION public.f()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;
ALTER FUNCTION f() DEPENDS ON EXTENSION hstore;

CREATE TABLE t (
  a hstore
);
CREATE INDEX i ON t USING gin (a);
ALTER INDEX i DEPENDS ON EXTENSION hstore;
CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER TRIGGER g ON t DEPENDS ON EXTENSION hstore;

CREATE MATERIALIZED VIEW m AS
 SELECT a
   FROM t
WITH NO DATA;
ALTER MATERIALIZED VIEW m DEPENDS ON EXTENSION hstore;
--- extension_in_schema

SET check_function_bodies = off;
SET search_path = public;

CREATE SCHEMA ext;

CREATE EXTENSION citext SCHEMA ext VERSION '1.6';
COMMENT ON EXTENSION citext IS 'case';

CREATE EXTENSION cube SCHEMA public VERSION '1.5';
COMMENT ON EXTENSION cube IS 'data type for multidimensional cubes';

CREATE EXTENSION earthdistance SCHEMA public VERSION '1.2';
COMMENT ON EXTENSION earthdistance IS 'calculate great-circle distances on the surface of the Earth';

CREATE TABLE t (
  a ext.citext DEFAULT 'x'::ext.citext,
  CONSTRAINT t_a_check CHECK (a OPERATOR(ext.=) 'X'::ext.citext)
);
--- queries

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE a (
  id integer,
  x integer,
  t text,
  arr integer[],
  r int4range
);
CREATE INDEX e1 ON a USING btree ((x + 1), lower(t), (arr[1]));
CREATE INDEX e2 ON a USING gist (r) WHERE NOT isempty(r) AND (x > 1 OR id IS NULL);

CREATE VIEW agg AS
 SELECT percentile_cont(0.5::double precision) WITHIN GROUP (ORDER BY (x::double precision)) AS m,
    array_agg(DISTINCT t ORDER BY t DESC) AS d,
    string_agg(t, ','::text ORDER BY x) AS string_agg
   FROM a;

CREATE VIEW cte AS
 WITH RECURSIVE c AS MATERIALIZED (
         SELECT 1 AS n
        UNION
         SELECT c_1.n + 1
           FROM c c_1
          WHERE c_1.n < 3
        ) SEARCH DEPTH FIRST BY n SET o CYCLE n SET k USING p
 SELECT n
   FROM c;

CREATE VIEW dis AS
 SELECT DISTINCT ON (id) id,
    x
   FROM a
  ORDER BY id, x DESC NULLS LAST
 OFFSET 1
 LIMIT 5;

CREATE VIEW gs AS
 SELECT id,
    x,
    count(*) AS count,
    GROUPING(id) AS "grouping"
   FROM a
  GROUP BY GROUPING SETS ((id, x), ROLLUP(x), ());

CREATE VIEW j AS
 SELECT a.id,
    b.x
   FROM a
     LEFT JOIN a b USING (id)
     CROSS JOIN ( SELECT 1 AS one) n
     FULL JOIN a c ON c.id = a.id;

CREATE VIEW ops AS
 SELECT - x AS neg,
    (x + 1) * 2 AS m,
    x >= 1 AND x <= 2 AS b,
    x = ANY (ARRAY[1, 2]) AS i,
    t ~~ 'a%'::text AS l,
    t ~ 'x'::text AS re,
    arr[1:2] AS sl,
    arr[1] AS el,
    x IS DISTINCT FROM 1 AS dd,
        CASE x
            WHEN 1 THEN 'a'::text
            ELSE 'b'::text
        END AS c,
    COALESCE(x, 1) AS "coalesce",
    NULLIF(x, 2) AS "nullif",
    GREATEST(x, 1) AS "greatest",
    t::character varying(3) AS t,
    x::numeric(5,2) AS x,
    id = 1 AND x = 2 AS rw,
    ARRAY[x, 1] AS ar,
    x = ANY (arr) AS an,
    (x IN ( SELECT a_1.id
           FROM a a_1)) AS ans,
    (EXISTS ( SELECT 1)) AS ex,
    EXTRACT(year FROM now()) AS y,
    t COLLATE "C" AS co
   FROM ( SELECT a_1.id,
            a_1.x,
            a_1.arr,
            a_1.r,
            a_1.t
           FROM a a_1) a(id, x, arr, r, t)
  WHERE t IS NOT NULL;

CREATE VIEW ov AS
 SELECT OVERLAY(t PLACING 'a'::text FROM 1 FOR 2) AS "overlay",
    POSITION(('a'::text) IN (t)) AS "position",
    SUBSTRING(t FROM 1 FOR 2) AS "substring",
    TRIM(BOTH 'x'::text FROM t) AS btrim,
    a.*::text AS whole,
    a.*::a AS a
   FROM a;

CREATE VIEW samp AS
 SELECT id
   FROM a TABLESAMPLE system (10) REPEATABLE (1);

CREATE VIEW sv AS
 SELECT CURRENT_USER AS cu,
    SESSION_USER AS su,
    CURRENT_CATALOG AS cc,
    CURRENT_TIMESTAMP(3) AS ct,
    LOCALTIME AS lt;

CREATE VIEW un AS
(
         SELECT a.id
           FROM a
        EXCEPT ALL
         SELECT a.x AS id
           FROM a
) INTERSECT
 SELECT 1 AS id;

CREATE VIEW upd AS
 SELECT id
   FROM a
 FOR UPDATE OF a;

CREATE VIEW vals AS
 VALUES (1,'a'::text), (2,'b'::text);
--- queries_with_functions

SET check_function_bodies = off;
SET search_path = public;

CREATE OR REPLACE FUNCTION public.tbl(n integer DEFAULT 3)
 RETURNS TABLE(a integer, b text)
 LANGUAGE plpgsql
AS $function$BEGIN RETURN QUERY SELECT 1, 'x'; END$function$;

CREATE TABLE a (
  id integer,
  x integer
);

CREATE OR REPLACE FUNCTION public.fa(a)
 RETURNS a
 LANGUAGE sql
AS $function$SELECT $1$function$;

CREATE TABLE b (
  id integer,
  row_a a,
  rows_a a[]
);

CREATE VIEW json_t AS
 SELECT n
   FROM JSON_TABLE(
            '[1, 2]'::jsonb, '$[*]' AS json_table_path_0
            COLUMNS (
                n integer PATH '$'
            )
        );

CREATE VIEW json_v AS
 SELECT JSON_OBJECT('a' : 1, 'b' : 'x'::text RETURNING json) AS o,
    JSON_ARRAYAGG(id ORDER BY id RETURNING json) AS arr
   FROM a;

CREATE VIEW lateral_v AS
 SELECT a.id,
    t.a,
    t.b
   FROM a,
    LATERAL tbl(a.id) t(a, b),
    ROWS FROM(generate_series(1, 2), tbl(3)) WITH ORDINALITY r(a1, b1, c1, d1);

CREATE VIEW va AS
 SELECT (fa(a.*)).x AS fx,
    a.*::a AS a
   FROM a;

CREATE TYPE comp AS (
  p a,
  q va
);

CREATE DOMAIN dc AS comp
  CONSTRAINT dc_check CHECK ((VALUE).p IS NULL);

CREATE TABLE c (
  id integer,
  x integer,
  extra comp DEFAULT ROW(NULL::a, NULL::va)::comp
);

CREATE VIEW win AS
 SELECT sum(x) OVER w AS s,
    count(*) FILTER (WHERE x > 1) OVER (ORDER BY x) AS count
   FROM a
  WINDOW w AS (PARTITION BY id ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES);

CREATE VIEW xml_v AS
 SELECT XMLELEMENT(NAME foo, XMLATTRIBUTES(1 AS a), 'x') AS x;
