--- range_canonical
CREATE TYPE r;
CREATE FUNCTION canon(r) RETURNS r LANGUAGE internal IMMUTABLE AS 'int4range_canonical';
CREATE TYPE r AS RANGE (SUBTYPE = int, CANONICAL = canon);
--- ranges
CREATE FUNCTION diff(x text, y text) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 1.0::float8';
CREATE TYPE names AS RANGE (SUBTYPE = text, COLLATION = "C", SUBTYPE_OPCLASS = text_pattern_ops, SUBTYPE_DIFF = diff, MULTIRANGE_TYPE_NAME = many);
CREATE TABLE t (a names, b many, c names[]);
COMMENT ON TYPE names IS 'from and to';
--- base_type
CREATE TYPE box2;
CREATE FUNCTION box2_in(cstring) RETURNS box2 LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION box2_out(box2) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE box2 (INPUT = box2_in, OUTPUT = box2_out, LIKE = text, CATEGORY = 'S', PREFERRED = false, DEFAULT = 'x', DELIMITER = ';', COLLATABLE = true);
CREATE TABLE t (a box2, b box2[]);
CREATE FUNCTION use(box2) RETURNS int LANGUAGE sql AS 'SELECT 1';
COMMENT ON TYPE box2 IS 'base';
CREATE TYPE short;
CREATE FUNCTION short_in(cstring) RETURNS short LANGUAGE internal IMMUTABLE STRICT AS 'int2in';
CREATE FUNCTION short_out(short) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int2out';
CREATE FUNCTION short_recv(internal) RETURNS short LANGUAGE internal IMMUTABLE STRICT AS 'int2recv';
CREATE FUNCTION short_send(short) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int2send';
CREATE TYPE short (INPUT = short_in, OUTPUT = short_out, RECEIVE = short_recv, SEND = short_send, INTERNALLENGTH = 2, PASSEDBYVALUE, ALIGNMENT = int2, STORAGE = plain);
CREATE CAST (short AS int) WITH INOUT AS ASSIGNMENT;
--- shell_type
CREATE TYPE undefined;
COMMENT ON TYPE undefined IS 'later';
CREATE FUNCTION f(undefined) RETURNS int LANGUAGE internal AS 'int4in';
--- composite
CREATE TYPE a AS (x int, y text COLLATE "C");
CREATE TYPE b AS (one a, many a[]);
COMMENT ON COLUMN b.many IS 'a list';
ALTER TYPE a ADD ATTRIBUTE z numeric(3, 1);
ALTER TYPE a DROP ATTRIBUTE x;
--- enums since 17
CREATE TYPE e AS ENUM ('b', 'a');
ALTER TYPE e ADD VALUE 'c' BEFORE 'a';
CREATE TYPE none AS ENUM ();
CREATE TABLE t (a e DEFAULT 'c', b e[]);
--- domains since 17
CREATE DOMAIN d AS text COLLATE "C" DEFAULT 'x' CONSTRAINT filled NOT NULL CONSTRAINT short CHECK (length(VALUE) < 9) CHECK (VALUE <> '');
CREATE DOMAIN e AS d;
ALTER DOMAIN e ADD CONSTRAINT unsure CHECK (VALUE > 'a') NOT VALID;
COMMENT ON CONSTRAINT unsure ON DOMAIN e IS 'unsure';
COMMENT ON CONSTRAINT short ON DOMAIN d IS 'short';
COMMENT ON CONSTRAINT filled ON DOMAIN d IS 'filled';
CREATE DOMAIN f AS varchar(3)[] NOT NULL;
CREATE DOMAIN g AS int DEFAULT NULL;
CREATE DOMAIN h AS int CONSTRAINT h_not_null NOT NULL;
--- collations since 17
CREATE COLLATION a (LOCALE = 'C');
CREATE COLLATION b (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
CREATE COLLATION c (PROVIDER = builtin, LOCALE = 'C.UTF-8');
COMMENT ON COLLATION c IS 'built in';
CREATE TABLE t (x text COLLATE b);
--- conversions
CREATE CONVERSION c FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE DEFAULT CONVERSION d FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
COMMENT ON CONVERSION c IS 'to utf8';
--- casts
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE FUNCTION to_int(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST (mood AS int) WITH FUNCTION to_int(mood) AS IMPLICIT;
CREATE CAST (text AS mood) WITH INOUT AS ASSIGNMENT;
CREATE DOMAIN oid2 AS oid;
COMMENT ON CAST (mood AS int) IS 'number';
CREATE VIEW v AS SELECT 'a'::mood::int AS a;
CREATE FUNCTION half(float8) RETURNS int2 LANGUAGE sql IMMUTABLE AS 'SELECT 1::int2';
CREATE TYPE pair AS (a int);
CREATE CAST (pair AS mood) WITH INOUT;
--- transforms
CREATE EXTENSION hstore;
CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal STRICT IMMUTABLE AS 'textsend';
CREATE TRANSFORM FOR hstore LANGUAGE plpgsql (FROM SQL WITH FUNCTION from_sql(internal));
COMMENT ON TRANSFORM FOR hstore LANGUAGE plpgsql IS 'turns';
--- languages
CREATE TRUSTED LANGUAGE plx HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION f() RETURNS int LANGUAGE plx AS 'BEGIN RETURN 1; END';
COMMENT ON LANGUAGE plx IS 'another';
CREATE LANGUAGE ply HANDLER plpgsql_call_handler;
--- icu_rules since 16
CREATE COLLATION x (provider = icu, locale = 'und', rules = '&a < g');
CREATE COLLATION y (provider = icu, locale = 'en-US', deterministic = false);
CREATE TABLE t (a text COLLATE x);
