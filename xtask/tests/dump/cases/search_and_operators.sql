--- text_search
CREATE EXTENSION unaccent;
CREATE TEXT SEARCH CONFIGURATION fr (COPY = french);
ALTER TEXT SEARCH CONFIGURATION fr ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
CREATE TABLE d (t text, v tsvector GENERATED ALWAYS AS (to_tsvector('public.fr', t)) STORED);
--- text_search_objects
CREATE TEXT SEARCH PARSER p (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE t (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = t, StopWords = english, Accept = false);
CREATE TEXT SEARCH CONFIGURATION c (PARSER = p);
ALTER TEXT SEARCH CONFIGURATION c ADD MAPPING FOR asciiword, word WITH d, simple;
COMMENT ON TEXT SEARCH PARSER p IS 'p';
COMMENT ON TEXT SEARCH TEMPLATE t IS 't';
COMMENT ON TEXT SEARCH DICTIONARY d IS 'd';
COMMENT ON TEXT SEARCH CONFIGURATION c IS 'c';
--- operator_class
CREATE OPERATOR CLASS oc FOR TYPE int4 USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4);
CREATE TABLE t (a int);
CREATE INDEX i ON t (a oc);
COMMENT ON OPERATOR CLASS oc USING btree IS 'class';
--- operator_family
CREATE OPERATOR FAMILY fam USING btree;
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (int4, int8), FUNCTION 1 (int4, int8) btint48cmp(int4, int8);
CREATE OPERATOR CLASS a FOR TYPE int4 USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 3 =, OPERATOR 5 >, FUNCTION 1 btint4cmp(int4, int4), FUNCTION 2 btint4sortsupport(internal);
CREATE OPERATOR CLASS b FOR TYPE int8 USING btree FAMILY fam AS OPERATOR 1 <, FUNCTION 1 btint8cmp(int8, int8);
COMMENT ON OPERATOR FAMILY fam USING btree IS 'family';
--- operator_class_for_order_and_storage
CREATE OPERATOR CLASS g DEFAULT FOR TYPE circle USING spgist AS OPERATOR 1 <<, FUNCTION 1 spg_quad_config(internal, internal), FUNCTION 2 spg_quad_choose(internal, internal), FUNCTION 3 spg_quad_picksplit(internal, internal), FUNCTION 4 spg_quad_inner_consistent(internal, internal), FUNCTION 5 spg_quad_leaf_consistent(internal, internal);
CREATE OPERATOR CLASS p FOR TYPE point USING gist AS OPERATOR 15 <-> (point, point) FOR ORDER BY float_ops, STORAGE box, FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal);
--- operators
CREATE TYPE pair AS (a int, b int);
CREATE FUNCTION lt(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a < $2.a';
CREATE FUNCTION ge(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a >= $2.a';
CREATE FUNCTION neg(pair) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE SCHEMA ops;
CREATE OPERATOR ops.<<< (LEFTARG = pair, RIGHTARG = pair, FUNCTION = lt, COMMUTATOR = OPERATOR(ops.>>>), NEGATOR = OPERATOR(ops.>>=), RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR ops.>>= (LEFTARG = pair, RIGHTARG = pair, FUNCTION = ge, NEGATOR = OPERATOR(ops.<<<));
CREATE OPERATOR ops.>>> (LEFTARG = pair, RIGHTARG = pair, FUNCTION = lt, COMMUTATOR = OPERATOR(ops.<<<));
CREATE OPERATOR !!! (RIGHTARG = pair, FUNCTION = neg);
COMMENT ON OPERATOR !!! (NONE, pair) IS 'prefix';
COMMENT ON OPERATOR ops.<<< (pair, pair) IS 'less';
CREATE FUNCTION same(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a = $2.a';
CREATE OPERATOR === (LEFTARG = pair, RIGHTARG = pair, FUNCTION = same, COMMUTATOR = ===, HASHES, MERGES);
CREATE VIEW v AS SELECT ROW(1, 2)::pair OPERATOR(ops.<<<) ROW(1, 2)::pair AS less, !!! ROW(1, 2)::pair AS p;
--- operator_class_on_own_type
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE FUNCTION cmp(mood, mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE FUNCTION lt(mood, mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE OPERATOR <# (LEFTARG = mood, RIGHTARG = mood, FUNCTION = lt);
CREATE OPERATOR CLASS mood_ops FOR TYPE mood USING btree AS OPERATOR 1 <#, FUNCTION 1 cmp(mood, mood);
CREATE TABLE t (a mood, PRIMARY KEY (a));
CREATE INDEX i ON t (a mood_ops);
CREATE TYPE moods AS RANGE (SUBTYPE = mood, SUBTYPE_OPCLASS = mood_ops);
--- an operator that names others that are not created, and the comment of an extension that each database has
CREATE FUNCTION f(int, int) RETURNS bool LANGUAGE sql IMMUTABLE RETURN true;
CREATE OPERATOR <<< (FUNCTION = f, LEFTARG = int, RIGHTARG = int, COMMUTATOR = >>>, NEGATOR = !<<<);
COMMENT ON EXTENSION plpgsql IS 'ours';
