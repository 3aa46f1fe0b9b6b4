--- range_canonical

SET check_function_bodies = off;
SET search_path = public;

CREATE TYPE r;

CREATE OR REPLACE FUNCTION public.canon(r)
 RETURNS r
 LANGUAGE internal
 IMMUTABLE
AS $function$int4range_canonical$function$;

CREATE TYPE r AS RANGE (SUBTYPE = integer, CANONICAL = canon, MULTIRANGE_TYPE_NAME = r_multirange);
--- ranges

SET check_function_bodies = off;
SET search_path = public;

CREATE OR REPLACE FUNCTION public.diff(x text, y text)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT 1.0::float8$function$;

CREATE TYPE names AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = pg_catalog.text_pattern_ops, COLLATION = "C", SUBTYPE_DIFF = diff, MULTIRANGE_TYPE_NAME = many);
COMMENT ON TYPE names IS 'from and to';

CREATE TABLE t (
  a names,
  b many,
  c names[]
);
--- base_type

SET check_function_bodies = off;
SET search_path = public;

CREATE TYPE box2;

CREATE TYPE short;

CREATE OR REPLACE FUNCTION public.box2_in(cstring)
 RETURNS box2
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$textin$function$;

CREATE OR REPLACE FUNCTION public.box2_out(box2)
 RETURNS cstring
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$textout$function$;

CREATE TYPE box2 (INPUT = box2_in, OUTPUT = box2_out, INTERNALLENGTH = VARIABLE, STORAGE = extended, CATEGORY = 'S', DEFAULT = 'x', DELIMITER = ';', COLLATABLE = true);
COMMENT ON TYPE box2 IS 'base';

CREATE OR REPLACE FUNCTION public.short_in(cstring)
 RETURNS short
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int2in$function$;

CREATE OR REPLACE FUNCTION public.short_out(short)
 RETURNS cstring
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int2out$function$;

CREATE OR REPLACE FUNCTION public.short_recv(internal)
 RETURNS short
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int2recv$function$;

CREATE OR REPLACE FUNCTION public.short_send(short)
 RETURNS bytea
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$int2send$function$;

CREATE TYPE short (INPUT = short_in, OUTPUT = short_out, RECEIVE = short_recv, SEND = short_send, INTERNALLENGTH = 2, PASSEDBYVALUE, ALIGNMENT = int2);

CREATE CAST (short AS integer) WITH INOUT AS ASSIGNMENT;

CREATE OR REPLACE FUNCTION public.use(box2)
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;

CREATE TABLE t (
  a box2,
  b box2[]
);
--- shell_type

SET check_function_bodies = off;
SET search_path = public;

CREATE TYPE undefined;
COMMENT ON TYPE undefined IS 'later';

CREATE OR REPLACE FUNCTION public.f(undefined)
 RETURNS integer
 LANGUAGE internal
AS $function$int4in$function$;
--- composite

SET check_function_bodies = off;
SET search_path = public;

CREATE TYPE a AS (
  y text COLLATE "C",
  z numeric(3,1)
);

CREATE TYPE b AS (
  one a,
  many a[]
);
COMMENT ON COLUMN b.many IS 'a list';
--- enums

SET check_function_bodies = off;
SET search_path = public;

CREATE TYPE "none" AS ENUM ();

CREATE TYPE e AS ENUM (
  'b',
  'c',
  'a'
);

CREATE TABLE t (
  a e DEFAULT 'c'::e,
  b e[]
);
--- domains

SET check_function_bodies = off;
SET search_path = public;

CREATE DOMAIN d AS text COLLATE "C" DEFAULT 'x'::text CONSTRAINT filled NOT NULL
  CONSTRAINT d_check CHECK (VALUE <> ''::text)
  CONSTRAINT short CHECK (length(VALUE) < 9);
COMMENT ON CONSTRAINT filled ON DOMAIN d IS 'filled';
COMMENT ON CONSTRAINT short ON DOMAIN d IS 'short';

CREATE DOMAIN e AS d DEFAULT 'x'::text;
ALTER DOMAIN e ADD CONSTRAINT unsure CHECK (VALUE::text > 'a'::text) NOT VALID;
COMMENT ON CONSTRAINT unsure ON DOMAIN e IS 'unsure';

CREATE DOMAIN f AS character varying(3)[] NOT NULL;

CREATE DOMAIN g AS integer;

CREATE DOMAIN h AS integer NOT NULL;
--- collations

SET check_function_bodies = off;
SET search_path = public;

CREATE COLLATION a (PROVIDER = libc, LOCALE = 'C');

CREATE COLLATION b (PROVIDER = libc, LC_COLLATE = 'C', LC_CTYPE = 'POSIX');

CREATE COLLATION c (PROVIDER = builtin, LOCALE = 'C.UTF-8');
COMMENT ON COLLATION c IS 'built in';

CREATE TABLE t (
  x text COLLATE b
);
--- conversions

SET check_function_bodies = off;
SET search_path = public;

CREATE CONVERSION public.c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
COMMENT ON CONVERSION public.c IS 'to utf8';

CREATE DEFAULT CONVERSION public.d FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
--- casts

SET check_function_bodies = off;
SET search_path = public;

CREATE TYPE mood AS ENUM (
  'a',
  'b'
);

CREATE DOMAIN oid2 AS oid;

CREATE TYPE pair AS (
  a integer
);

CREATE OR REPLACE FUNCTION public.half(double precision)
 RETURNS smallint
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT 1::int2$function$;

CREATE CAST (pair AS mood) WITH INOUT;

CREATE CAST (text AS mood) WITH INOUT AS ASSIGNMENT;

CREATE OR REPLACE FUNCTION public.to_int(mood)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT 1$function$;

CREATE CAST (mood AS integer) WITH FUNCTION to_int(mood) AS IMPLICIT;
COMMENT ON CAST (mood AS integer) IS 'number';

CREATE VIEW v AS
 SELECT 'a'::mood::integer AS a;
--- transforms

SET check_function_bodies = off;
SET search_path = public;

CREATE EXTENSION hstore SCHEMA public VERSION '1.8';
COMMENT ON EXTENSION hstore IS 'data type for storing sets of (key, value) pairs';

CREATE OR REPLACE FUNCTION public.from_sql(internal)
 RETURNS internal
 LANGUAGE internal
 IMMUTABLE STRICT
AS $function$textsend$function$;

CREATE TRANSFORM FOR hstore LANGUAGE plpgsql (FROM SQL WITH FUNCTION from_sql(internal));
COMMENT ON TRANSFORM FOR hstore LANGUAGE plpgsql IS 'turns';
--- languages

SET check_function_bodies = off;
SET search_path = public;

CREATE TRUSTED LANGUAGE plx HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
COMMENT ON LANGUAGE plx IS 'another';

CREATE LANGUAGE ply HANDLER plpgsql_call_handler;

CREATE OR REPLACE FUNCTION public.f()
 RETURNS integer
 LANGUAGE plx
AS $function$BEGIN RETURN 1; END$function$;
--- icu_rules

SET check_function_bodies = off;
SET search_path = public;

CREATE COLLATION x (PROVIDER = icu, LOCALE = 'und', RULES = '&a < g');

CREATE COLLATION y (PROVIDER = icu, LOCALE = 'en-US', DETERMINISTIC = false);

CREATE TABLE t (
  a text COLLATE x
);
