--- text_search

SET check_function_bodies = off;
SET search_path = public;

CREATE EXTENSION unaccent SCHEMA public VERSION '1.1';
COMMENT ON EXTENSION unaccent IS 'text search dictionary that removes accents';

CREATE TEXT SEARCH CONFIGURATION fr (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR asciihword WITH french_stem;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR asciiword WITH french_stem;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR email WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR file WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR "float" WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR host WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR hword WITH unaccent, french_stem;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR hword_asciipart WITH french_stem;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR hword_numpart WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR hword_part WITH unaccent, french_stem;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR "int" WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR numhword WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR numword WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR sfloat WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR uint WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR url WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR url_path WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR version WITH simple;
ALTER TEXT SEARCH CONFIGURATION fr ADD MAPPING FOR word WITH unaccent, french_stem;

CREATE TABLE d (
  t text,
  v tsvector GENERATED ALWAYS AS (to_tsvector('fr'::regconfig, t)) STORED
);
--- text_search_objects

SET check_function_bodies = off;
SET search_path = public;

CREATE TEXT SEARCH PARSER public.p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
COMMENT ON TEXT SEARCH PARSER public.p IS 'p';

CREATE TEXT SEARCH TEMPLATE public.t (INIT = dsimple_init, LEXIZE = dsimple_lexize);
COMMENT ON TEXT SEARCH TEMPLATE public.t IS 't';

CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = public.t, stopwords = 'english', accept = 'false');
COMMENT ON TEXT SEARCH DICTIONARY d IS 'd';

CREATE TEXT SEARCH CONFIGURATION c (PARSER = public.p);
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword WITH d, simple;
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR word WITH d, simple;
COMMENT ON TEXT SEARCH CONFIGURATION c IS 'c';
--- operator_class

SET check_function_bodies = off;
SET search_path = public;

CREATE OPERATOR FAMILY public.oc USING btree;
CREATE OPERATOR CLASS public.oc FOR TYPE integer USING btree FAMILY public.oc AS
  OPERATOR 1 pg_catalog.< (integer, integer),
  OPERATOR 2 pg_catalog.<= (integer, integer),
  OPERATOR 3 pg_catalog.= (integer, integer),
  OPERATOR 4 pg_catalog.>= (integer, integer),
  OPERATOR 5 pg_catalog.> (integer, integer),
  FUNCTION 1 (integer, integer) btint4cmp(integer,integer);
COMMENT ON OPERATOR CLASS public.oc USING btree IS 'class';

CREATE TABLE t (
  a integer
);
CREATE INDEX i ON t USING btree (a oc);
--- operator_family

SET check_function_bodies = off;
SET search_path = public;

CREATE OPERATOR FAMILY public.fam USING btree;
COMMENT ON OPERATOR FAMILY public.fam USING btree IS 'family';
CREATE OPERATOR CLASS public.a FOR TYPE integer USING btree FAMILY public.fam AS
  OPERATOR 1 pg_catalog.< (integer, integer),
  OPERATOR 3 pg_catalog.= (integer, integer),
  OPERATOR 5 pg_catalog.> (integer, integer),
  FUNCTION 1 (integer, integer) btint4cmp(integer,integer);
CREATE OPERATOR CLASS public.b FOR TYPE bigint USING btree FAMILY public.fam AS
  OPERATOR 1 pg_catalog.< (bigint, bigint),
  FUNCTION 1 (bigint, bigint) btint8cmp(bigint,bigint);
ALTER OPERATOR FAMILY public.fam USING btree ADD
  OPERATOR 1 pg_catalog.< (integer, bigint),
  FUNCTION 1 (integer, bigint) btint48cmp(integer,bigint),
  FUNCTION 2 (integer, integer) btint4sortsupport(internal);
--- operator_class_for_order_and_storage

SET check_function_bodies = off;
SET search_path = public;

CREATE OPERATOR FAMILY public.g USING spgist;
CREATE OPERATOR CLASS public.g DEFAULT FOR TYPE circle USING spgist FAMILY public.g AS
  FUNCTION 1 (circle, circle) spg_quad_config(internal,internal),
  FUNCTION 2 (circle, circle) spg_quad_choose(internal,internal),
  FUNCTION 3 (circle, circle) spg_quad_picksplit(internal,internal),
  FUNCTION 4 (circle, circle) spg_quad_inner_consistent(internal,internal),
  FUNCTION 5 (circle, circle) spg_quad_leaf_consistent(internal,internal);
ALTER OPERATOR FAMILY public.g USING spgist ADD
  OPERATOR 1 pg_catalog.<< (circle, circle);

CREATE OPERATOR FAMILY public.p USING gist;
CREATE OPERATOR CLASS public.p FOR TYPE point USING gist FAMILY public.p AS
  STORAGE box,
  FUNCTION 1 (point, point) gist_point_consistent(internal,point,smallint,oid,internal);
ALTER OPERATOR FAMILY public.p USING gist ADD
  OPERATOR 15 pg_catalog.<-> (point, point) FOR ORDER BY pg_catalog.float_ops;
--- operators

SET check_function_bodies = off;
SET search_path = public;

CREATE SCHEMA ops;

CREATE TYPE pair AS (
  a integer,
  b integer
);

CREATE OR REPLACE FUNCTION public.ge(pair, pair)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1.a >= $2.a$function$;

CREATE OR REPLACE FUNCTION public.lt(pair, pair)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1.a < $2.a$function$;

CREATE OR REPLACE FUNCTION public.neg(pair)
 RETURNS pair
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1$function$;

CREATE OPERATOR public.!!! (FUNCTION = neg, RIGHTARG = pair);
COMMENT ON OPERATOR !!!(NONE,pair) IS 'prefix';

CREATE OPERATOR ops.<<< (FUNCTION = lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = OPERATOR(ops.>>>), NEGATOR = OPERATOR(ops.>>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
COMMENT ON OPERATOR ops.<<<(pair,pair) IS 'less';

CREATE OPERATOR ops.>>= (FUNCTION = ge, LEFTARG = pair, RIGHTARG = pair, NEGATOR = OPERATOR(ops.<<<));

CREATE OPERATOR ops.>>> (FUNCTION = lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = OPERATOR(ops.<<<));

CREATE OR REPLACE FUNCTION public.same(pair, pair)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT $1.a = $2.a$function$;

CREATE OPERATOR public.=== (FUNCTION = same, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = OPERATOR(public.===), HASHES, MERGES);

CREATE VIEW v AS
 SELECT ROW(1, 2)::pair OPERATOR(ops.<<<) ROW(1, 2)::pair AS less,
    !!! ROW(1, 2)::pair AS p;
--- operator_class_on_own_type

SET check_function_bodies = off;
SET search_path = public;

CREATE TYPE mood AS ENUM (
  'a',
  'b'
);

CREATE OR REPLACE FUNCTION public.cmp(mood, mood)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT 0$function$;

CREATE OR REPLACE FUNCTION public.lt(mood, mood)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT true$function$;

CREATE OPERATOR public.<# (FUNCTION = lt, LEFTARG = mood, RIGHTARG = mood);

CREATE OPERATOR FAMILY public.mood_ops USING btree;
CREATE OPERATOR CLASS public.mood_ops FOR TYPE mood USING btree FAMILY public.mood_ops AS
  OPERATOR 1 public.<# (mood, mood),
  FUNCTION 1 (mood, mood) cmp(mood,mood);

CREATE TYPE moods AS RANGE (SUBTYPE = mood, SUBTYPE_OPCLASS = public.mood_ops, MULTIRANGE_TYPE_NAME = moods_multirange);

CREATE TABLE t (
  a mood NOT NULL,
  CONSTRAINT t_pkey PRIMARY KEY (a)
);
CREATE INDEX i ON t USING btree (a mood_ops);
--- an operator that names others that are not created, and the comment of an extension that each database has

SET check_function_bodies = off;
SET search_path = public;

CREATE OR REPLACE FUNCTION public.f(integer, integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN true;

CREATE OPERATOR public.<<< (FUNCTION = f, LEFTARG = integer, RIGHTARG = integer, COMMUTATOR = OPERATOR(public.>>>), NEGATOR = OPERATOR(public.!<<<));

COMMENT ON EXTENSION plpgsql IS 'ours';
