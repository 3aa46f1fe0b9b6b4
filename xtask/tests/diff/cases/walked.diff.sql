--- storage and compression of parents, which children do not follow
ALTER TABLE ONLY p ALTER COLUMN a SET STORAGE EXTERNAL;
ALTER TABLE ONLY p ALTER COLUMN b SET COMPRESSION pglz;
CREATE TABLE a_new_one PARTITION OF p FOR VALUES IN (2);
ALTER TABLE p1 ALTER COLUMN a SET STORAGE EXTENDED;
ALTER TABLE parent ADD COLUMN d text;
ALTER TABLE ONLY child ALTER COLUMN a SET STORAGE EXTERNAL;
ALTER TABLE ONLY child ALTER COLUMN b SET COMPRESSION pglz;
ALTER TABLE ONLY child ALTER COLUMN d SET STORAGE MAIN;
ALTER TABLE grandchild ALTER COLUMN a SET STORAGE EXTERNAL;
ALTER TABLE grandchild ALTER COLUMN b SET COMPRESSION pglz;
ALTER TABLE grandchild ALTER COLUMN c SET COMPRESSION pglz;
ALTER TABLE grandchild ALTER COLUMN d SET STORAGE MAIN;
ALTER TABLE ONLY parent ALTER COLUMN a SET STORAGE EXTERNAL;
ALTER TABLE ONLY parent ALTER COLUMN b SET COMPRESSION pglz;
ALTER TABLE ONLY parent ALTER COLUMN c SET COMPRESSION pglz;
ALTER TABLE ONLY parent ALTER COLUMN d SET STORAGE MAIN;
CREATE TABLE second (
  a text,
  b text
) INHERITS (parent);
ALTER TABLE second ALTER COLUMN a SET STORAGE EXTENDED;
ALTER TABLE second ALTER COLUMN b SET COMPRESSION default;
<=
-- Unanswered: data loss: deletes the data of table second
DROP TABLE second;
-- Unanswered: data loss: deletes the data of column parent.d
ALTER TABLE parent DROP COLUMN d;
-- Unanswered: data loss: deletes the data of table a_new_one
DROP TABLE a_new_one;
ALTER TABLE ONLY child ALTER COLUMN a SET STORAGE EXTENDED;
ALTER TABLE ONLY child ALTER COLUMN b SET COMPRESSION default;
ALTER TABLE grandchild ALTER COLUMN a SET STORAGE EXTENDED;
ALTER TABLE grandchild ALTER COLUMN b SET COMPRESSION default;
ALTER TABLE grandchild ALTER COLUMN c SET COMPRESSION default;
ALTER TABLE ONLY p ALTER COLUMN a SET STORAGE EXTENDED;
ALTER TABLE ONLY p ALTER COLUMN b SET COMPRESSION default;
ALTER TABLE p1 ALTER COLUMN a SET STORAGE MAIN;
ALTER TABLE ONLY parent ALTER COLUMN a SET STORAGE EXTENDED;
ALTER TABLE ONLY parent ALTER COLUMN b SET COMPRESSION default;
ALTER TABLE ONLY parent ALTER COLUMN c SET COMPRESSION default;
--- statistics and options of parents, which children do not follow
ALTER TABLE child ALTER COLUMN b SET STATISTICS -1;
ALTER TABLE ONLY parent ALTER COLUMN b SET STATISTICS -1;
ALTER TABLE child ALTER COLUMN a SET (n_distinct=3);
ALTER TABLE ONLY p ALTER COLUMN a SET STATISTICS 9;
ALTER TABLE p1 ALTER COLUMN a SET STATISTICS 8;
ALTER TABLE ONLY parent ALTER COLUMN id SET STATISTICS 5;
ALTER TABLE ONLY parent ALTER COLUMN a SET (n_distinct=2);
<=
ALTER TABLE child ALTER COLUMN a RESET (n_distinct);
ALTER TABLE ONLY p ALTER COLUMN a SET STATISTICS -1;
ALTER TABLE p1 ALTER COLUMN a SET STATISTICS -1;
ALTER TABLE ONLY parent ALTER COLUMN id SET STATISTICS -1;
ALTER TABLE ONLY parent ALTER COLUMN a RESET (n_distinct);
ALTER TABLE child ALTER COLUMN b SET STATISTICS 7;
ALTER TABLE ONLY parent ALTER COLUMN b SET STATISTICS 7;
--- another type, which resets storage and compression
ALTER TABLE t ALTER COLUMN a TYPE character varying(20);
ALTER TABLE t ALTER COLUMN b TYPE character varying;
ALTER TABLE m ALTER COLUMN a SET STORAGE EXTERNAL;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN c_new integer;
CREATE FUNCTION t_c_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.c_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_new::text IS DISTINCT FROM OLD.c_new::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_new;
  ELSE
    NEW.c_new := NEW.c::integer;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: t.c is converted by a cast that may fail or lose something
CREATE TRIGGER zz_c_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_c_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET c_new = c_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND c_new IS NULL AND c IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE c_new IS NULL AND c IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE t RENAME COLUMN c TO c_old;
ALTER TABLE t RENAME COLUMN c_new TO c;
ALTER TABLE t ALTER COLUMN c_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_c_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.c_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_old::text IS DISTINCT FROM OLD.c_old::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_old::integer;
  ELSE
    NEW.c_old := NEW.c;
  END IF;
  RETURN NEW;
END
$in_step$;
ALTER TABLE t ALTER COLUMN a SET STORAGE EXTERNAL;
ALTER TABLE t ALTER COLUMN a SET COMPRESSION pglz;
ALTER TABLE t ALTER COLUMN b SET STORAGE EXTERNAL;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_c_in_step ON t;
DROP FUNCTION t_c_in_step();
ALTER TABLE t DROP COLUMN c_old;
RESET lock_timeout;
<=
ALTER TABLE t ALTER COLUMN b TYPE text;
ALTER TABLE m ALTER COLUMN a SET STORAGE EXTENDED;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN a_new character varying(10), ADD COLUMN c_new text;
CREATE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_new::text IS DISTINCT FROM OLD.c_new::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_new::integer;
  ELSE
    NEW.c_new := NEW.c;
  END IF;
  RETURN NEW;
END
$in_step$;
-- depends on rows: fails if the rows of t.a do not fit
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_a_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET a_new = a_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (a_new IS NULL AND a IS NOT NULL OR c_new IS NULL AND c IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (a_new IS NULL AND a IS NOT NULL OR c_new IS NULL AND c IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t RENAME COLUMN c TO c_old;
ALTER TABLE t RENAME COLUMN c_new TO c;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN c_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_old::text IS DISTINCT FROM OLD.c_old::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_old;
  ELSE
    NEW.c_old := NEW.c::integer;
  END IF;
  RETURN NEW;
END
$in_step$;
ALTER TABLE t ALTER COLUMN a SET STORAGE EXTERNAL;
ALTER TABLE t ALTER COLUMN a SET COMPRESSION pglz;
ALTER TABLE t ALTER COLUMN c SET STORAGE MAIN;
ALTER TABLE t ALTER COLUMN c SET COMPRESSION pglz;
ALTER TABLE t ALTER COLUMN b SET STORAGE MAIN;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_a_in_step ON t;
DROP FUNCTION t_a_in_step();
ALTER TABLE t DROP COLUMN a_old, DROP COLUMN c_old;
RESET lock_timeout;
--- a column that a parent loses and a child keeps is refused
-- refused: cannot change COLUMN child.a: inherited columns and checks can't become the table's own, or the reverse: write that revision by hand
--- a column of a child that becomes its own is refused
-- refused: cannot change COLUMN child.a: inherited columns and checks can't become the table's own, or the reverse: write that revision by hand
--- a table that becomes a child without columns of its own is refused
-- refused: cannot change COLUMN child.id: inherited columns and checks can't become the table's own, or the reverse: write that revision by hand
--- functions and statistics with BETWEEN, which PostgreSQL reads in two ways
CREATE DOMAIN d AS boolean DEFAULT (1 >= 0 AND 1 <= 2 AND true);
CREATE OR REPLACE FUNCTION public.f(a integer, b boolean DEFAULT ((1 >= 0) AND (1 <= 2) AND true))
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN ((a >= 1) AND (a <= 5) AND b);
CREATE OR REPLACE FUNCTION public.g(a integer)
 RETURNS SETOF t
 LANGUAGE sql
BEGIN ATOMIC
 SELECT t.a,
     t.b
    FROM t
   WHERE ((t.b < 1) OR (t.b > 5) OR (t.a > g.a));
END;
-- untrackable function dependency: PostgreSQL does not record what the body of h() uses
CREATE OR REPLACE FUNCTION public.h()
 RETURNS boolean
 LANGUAGE sql
AS $function$SELECT ((1 = 1) AND (2 = 2)) AND true$function$;
CREATE STATISTICS public.s ON b, (a >= 1 AND a <= 5 AND b > 0) FROM t;
<=
DROP STATISTICS public.s;
DROP FUNCTION h();
DROP FUNCTION g(integer);
DROP FUNCTION f(integer,boolean);
DROP DOMAIN d;
--- an array of labels becomes one label, and the reverse, while the type changes
-- Transaction: off
CREATE TYPE mood_new AS ENUM (
  'a'
);
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN a_new mood_new, ADD COLUMN b_new mood_new[];
CREATE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new::text::public.mood[];
  ELSE
    NEW.a_new := NEW.a::text::public.mood_new;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new::text::public.mood;
  ELSE
    NEW.b_new := NEW.b::text::public.mood_new[];
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: t.a is converted by a cast that may fail or lose something
-- Unanswered: guessed cast: t.b is converted by a cast that may fail or lose something
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_a_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET a_new = a_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t RENAME COLUMN b TO b_old;
ALTER TABLE t RENAME COLUMN b_new TO b;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN b_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old::text::public.mood;
  ELSE
    NEW.a_old := NEW.a::text::public.mood_old[];
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old::text::public.mood[];
  ELSE
    NEW.b_old := NEW.b::text::public.mood_old;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_a_in_step ON t;
DROP FUNCTION t_a_in_step();
ALTER TABLE t DROP COLUMN a_old, DROP COLUMN b_old;
RESET lock_timeout;
DROP TYPE mood_old;
<=
ALTER TYPE mood ADD VALUE 'b';

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN a_new mood[], ADD COLUMN b_new mood;
CREATE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new::text::public.mood;
  ELSE
    NEW.a_new := NEW.a::text::public.mood[];
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new::text::public.mood[];
  ELSE
    NEW.b_new := NEW.b::text::public.mood;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: t.a is converted by a cast that may fail or lose something
-- Unanswered: guessed cast: t.b is converted by a cast that may fail or lose something
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_a_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET a_new = a_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t RENAME COLUMN b TO b_old;
ALTER TABLE t RENAME COLUMN b_new TO b;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN b_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old::text::public.mood[];
  ELSE
    NEW.a_old := NEW.a::text::public.mood;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old::text::public.mood;
  ELSE
    NEW.b_old := NEW.b::text::public.mood[];
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_a_in_step ON t;
DROP FUNCTION t_a_in_step();
ALTER TABLE t DROP COLUMN a_old, DROP COLUMN b_old;
RESET lock_timeout;
--- a view of another table, which has the name of a dropped index
DROP VIEW w;
DROP VIEW v;
-- Unanswered: data loss: deletes the data of table t
DROP TABLE t;
CREATE TABLE renamed (
  id integer NOT NULL,
  CONSTRAINT t_pkey PRIMARY KEY (id)
);
CREATE VIEW v AS
 SELECT id
   FROM renamed;
CREATE VIEW w AS
 SELECT id
   FROM v;
<=
DROP VIEW w;
DROP VIEW v;
-- Unanswered: data loss: deletes the data of table renamed
DROP TABLE renamed;
CREATE TABLE t (
  id integer NOT NULL,
  CONSTRAINT t_pkey PRIMARY KEY (id)
);
CREATE VIEW v AS
 SELECT id
   FROM t;
CREATE VIEW w AS
 SELECT id
   FROM v;
--- a range that a column has is not replaced
-- refused: cannot change TYPE floats: columns have this range, and there can't be two with the same constructors and multirange: write that revision by hand
--- a child of a table that is dropped keeps its rows
ALTER TABLE child NO INHERIT parent;
-- Unanswered: data loss: deletes the data of table parent
DROP TABLE parent;
CREATE TABLE renamed (
  id integer
);
ALTER TABLE child INHERIT renamed;
<=
ALTER TABLE child NO INHERIT renamed;
-- Unanswered: data loss: deletes the data of table renamed
DROP TABLE renamed;
CREATE TABLE parent (
  id integer
);
ALTER TABLE child INHERIT parent;
--- a check that a child has before its parent
ALTER TABLE parent ADD CONSTRAINT c CHECK (id > 0) NOT VALID;

-- depends on rows: fails if the rows of parent do not fit
ALTER TABLE parent VALIDATE CONSTRAINT c;
<=
ALTER TABLE parent DROP CONSTRAINT c;
--- a check of a child that becomes its own is refused
-- refused: cannot change CONSTRAINT c ON child: inherited columns and checks can't become the table's own, or the reverse: write that revision by hand
--- a column of a child that is replaced by one that it only inherits is refused
-- refused: cannot change COLUMN child.g: inherited columns and checks can't become the table's own, or the reverse: write that revision by hand
--- statistics of columns whose order in the table changes
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN "C" TYPE bigint;
<=
-- depends on rows: fails if the rows of t."C" do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN "C" TYPE integer;
--- default privileges after an identity column that is exchanged, and after what reads rows
CREATE TABLE u (
  id integer GENERATED ALWAYS AS IDENTITY
);
GRANT SELECT ON TABLE u TO pg_monitor;
GRANT USAGE ON SEQUENCE u_id_seq TO pg_monitor;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN id_new bigint;
CREATE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;
CREATE TRIGGER zz_id_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_id_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET id_new = id_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id_new IS NULL AND id IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE id_new IS NULL AND id IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE t ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_new_is_not_null;
RESET lock_timeout;

ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
DO $identity$
DECLARE
  reached record;
BEGIN
  SELECT last_value, is_called INTO reached FROM t_id_seq;
  ALTER TABLE t ALTER COLUMN id_old DROP IDENTITY;
  ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
  PERFORM pg_catalog.setval('t_id_seq', reached.last_value, reached.is_called);
END
$identity$;
CREATE OR REPLACE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;

CREATE MATERIALIZED VIEW m AS
 SELECT id
   FROM t;
CREATE MATERIALIZED VIEW n AS
 SELECT id
   FROM t;
GRANT SELECT ON TABLE n TO pg_monitor;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;

-- authorization change: who may use objects that are created from now on changes
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO pg_monitor;
-- authorization change: who may use objects that are created from now on changes
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
<=
-- authorization change: who may use objects that are created from now on changes
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM pg_monitor;
-- authorization change: who may use objects that are created from now on changes
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON SEQUENCES FROM pg_monitor;
-- Unanswered: data loss: deletes the data of table u
DROP TABLE u;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN id_new integer;
CREATE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;
-- depends on rows: fails if the rows of t.id do not fit
CREATE TRIGGER zz_id_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_id_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET id_new = id_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id_new IS NULL AND id IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE id_new IS NULL AND id IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE t ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_new_is_not_null;
RESET lock_timeout;

DROP MATERIALIZED VIEW m;
DROP MATERIALIZED VIEW n;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
DO $identity$
DECLARE
  reached record;
BEGIN
  SELECT last_value, is_called INTO reached FROM t_id_seq;
  ALTER TABLE t ALTER COLUMN id_old DROP IDENTITY;
  ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
  PERFORM pg_catalog.setval('t_id_seq', reached.last_value, reached.is_called);
END
$identity$;
CREATE OR REPLACE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
--- default privileges that change around an identity column that is exchanged
-- authorization change: who may use SEQUENCE t_id_seq changes
REVOKE SELECT, UPDATE ON SEQUENCE t_id_seq FROM pg_monitor;
CREATE TABLE u (
  id integer GENERATED ALWAYS AS IDENTITY
);
-- authorization change: who may use SEQUENCE u_id_seq changes
REVOKE SELECT, UPDATE ON SEQUENCE u_id_seq FROM pg_monitor;
GRANT UPDATE, USAGE ON SEQUENCE u_id_seq TO pg_monitor;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN id_new bigint;
CREATE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;
CREATE TRIGGER zz_id_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_id_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET id_new = id_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id_new IS NULL AND id IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE id_new IS NULL AND id IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE t ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_new_is_not_null;
RESET lock_timeout;
-- index build: building t_a_fill takes time and I/O
CREATE INDEX CONCURRENTLY t_a_fill ON t USING btree (a);

ALTER TABLE t ADD CONSTRAINT a_is_not_null CHECK (a IS NOT NULL) NOT VALID;

-- depends on rows: fails if the rows of t.a do not fit
ALTER TABLE t VALIDATE CONSTRAINT a_is_not_null;
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT a_is_not_null;
ALTER TABLE t ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('t', 'a'), coalesce(max(a), 0) + 1, false) FROM t;
DROP INDEX t_a_fill;
-- authorization change: who may use SEQUENCE t_a_seq changes
REVOKE SELECT, UPDATE ON SEQUENCE t_a_seq FROM pg_monitor;
GRANT UPDATE, USAGE ON SEQUENCE t_a_seq TO pg_monitor;

ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
DO $identity$
DECLARE
  reached record;
BEGIN
  SELECT last_value, is_called INTO reached FROM t_id_seq;
  ALTER TABLE t ALTER COLUMN id_old DROP IDENTITY;
  ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
  PERFORM pg_catalog.setval('t_id_seq', reached.last_value, reached.is_called);
END
$identity$;
CREATE OR REPLACE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;
REVOKE SELECT, UPDATE ON SEQUENCE t_id_seq FROM pg_monitor;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;

-- authorization change: who may use objects that are created from now on changes
ALTER DEFAULT PRIVILEGES REVOKE SELECT, UPDATE ON SEQUENCES FROM pg_monitor;
-- authorization change: who may use objects that are created from now on changes
ALTER DEFAULT PRIVILEGES GRANT UPDATE, USAGE ON SEQUENCES TO pg_monitor;
<=
-- Unanswered: data loss: deletes the data of table u
DROP TABLE u;
ALTER TABLE t ALTER COLUMN a DROP IDENTITY;
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;
-- authorization change: who may use SEQUENCE t_id_seq changes
GRANT SELECT, UPDATE ON SEQUENCE t_id_seq TO pg_monitor;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN id_new integer;
CREATE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;
-- depends on rows: fails if the rows of t.id do not fit
CREATE TRIGGER zz_id_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_id_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET id_new = id_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id_new IS NULL AND id IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE id_new IS NULL AND id IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE t ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_new_is_not_null;
RESET lock_timeout;

ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
DO $identity$
DECLARE
  reached record;
BEGIN
  SELECT last_value, is_called INTO reached FROM t_id_seq;
  ALTER TABLE t ALTER COLUMN id_old DROP IDENTITY;
  ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
  PERFORM pg_catalog.setval('t_id_seq', reached.last_value, reached.is_called);
END
$identity$;
CREATE OR REPLACE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;
GRANT SELECT, UPDATE ON SEQUENCE t_id_seq TO pg_monitor;
REVOKE USAGE ON SEQUENCE t_id_seq FROM pg_monitor;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;

-- authorization change: who may use objects that are created from now on changes
ALTER DEFAULT PRIVILEGES REVOKE UPDATE, USAGE ON SEQUENCES FROM pg_monitor;
-- authorization change: who may use objects that are created from now on changes
ALTER DEFAULT PRIVILEGES GRANT SELECT, UPDATE ON SEQUENCES TO pg_monitor;
--- a rule on updates, which filling a column would run
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE bigint;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ADD COLUMN id uuid DEFAULT gen_random_uuid();
<=
-- Unanswered: data loss: deletes the data of column t.id
ALTER TABLE t DROP COLUMN id;
-- depends on rows: fails if the rows of t.a do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE integer;
--- a partition with the identity of its table leaves
ALTER TABLE p DETACH PARTITION p1;
<=
ALTER TABLE p1 ADD CONSTRAINT p1_belongs CHECK (((a IS NOT NULL) AND (a >= 0) AND (a < 9))) NOT VALID;

-- depends on rows: fails if the rows of p1 do not fit
ALTER TABLE p1 VALIDATE CONSTRAINT p1_belongs;
-- blocking lock: p1 is scanned while writes are blocked
SELECT setval(pg_get_serial_sequence('p', 'b'), greatest(max(b) + 1, nextval(pg_get_serial_sequence('p', 'b'))), false) FROM p1;
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (9);
ALTER TABLE p1 DROP CONSTRAINT p1_belongs;
--- options of a key of a partitioned table
-- Unanswered: data loss: deletes the data of table p
DROP TABLE p;
CREATE TABLE other (
  a integer
);
<=
-- Unanswered: data loss: deletes the data of table other
DROP TABLE other;
CREATE TABLE p (
  a integer NOT NULL,
  b integer NOT NULL
) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p (
  CONSTRAINT p1_pkey PRIMARY KEY (b, a) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT p1_a_key UNIQUE (a)
) FOR VALUES FROM (0) TO (9);
ALTER TABLE ONLY p ADD CONSTRAINT p_a_key UNIQUE (a) WITH (fillfactor=70);
ALTER TABLE ONLY p ADD CONSTRAINT p_pkey PRIMARY KEY (b, a) WITH (fillfactor=90) DEFERRABLE INITIALLY DEFERRED;
ALTER INDEX p_a_key ATTACH PARTITION p1_a_key;
ALTER INDEX p_pkey ATTACH PARTITION p1_pkey;
ALTER INDEX p1_a_key SET (fillfactor=70);
ALTER INDEX p1_pkey SET (fillfactor=90);
--- a privilege on a column remains when that on the table is revoked
-- authorization change: who may use TABLE t changes
REVOKE SELECT ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT SELECT (a) ON TABLE t TO pg_monitor;
<=
-- authorization change: who may use TABLE t changes
GRANT SELECT ON TABLE t TO pg_monitor;
--- a privilege on a column of a new table remains when the default ones are revoked
CREATE TABLE t (
  a integer,
  b integer
);
GRANT SELECT (a) ON TABLE t TO pg_monitor;
-- authorization change: who may use TABLE t changes
REVOKE SELECT ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT SELECT (a) ON TABLE t TO pg_monitor;
<=
-- Unanswered: data loss: deletes the data of table t
DROP TABLE t;
--- a domain with the name that another one has had
CREATE DOMAIN other AS bigint DEFAULT 1 CONSTRAINT positive_not_null NOT NULL;
-- depends on rows: fails if the rows of t.a do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE other;
DROP DOMAIN positive;
<=
CREATE DOMAIN positive AS bigint DEFAULT 1 CONSTRAINT positive_not_null NOT NULL;
-- depends on rows: fails if the rows of t.a do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE positive;
DROP DOMAIN other;
--- a function whose body calls it is refused
-- refused: cannot change FUNCTION g(integer): its body calls it, and PostgreSQL needs a function before a body that calls it: write that revision by hand
--- a function with a body that calls another version of it
CREATE OR REPLACE FUNCTION public.f(a integer)
 RETURNS integer
 LANGUAGE sql
RETURN f('a'::text);
<=
DROP FUNCTION f(integer);
--- an aggregate that depends on an extension
ALTER FUNCTION every() DEPENDS ON EXTENSION citext;
ALTER FUNCTION one(integer) DEPENDS ON EXTENSION citext;
<=
ALTER FUNCTION every() NO DEPENDS ON EXTENSION citext;
ALTER FUNCTION one(integer) NO DEPENDS ON EXTENSION citext;
--- a table whose new owner would get it by the default privileges
CREATE TABLE t (
  a integer
);
ALTER TABLE t OWNER TO pg_monitor;
<=
-- Unanswered: data loss: deletes the data of table t
DROP TABLE t;
--- an owner loses the option to grant
-- authorization change: who may use TABLE t changes
REVOKE SELECT ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT SELECT ON TABLE t TO pg_monitor;
<=
-- authorization change: who may use TABLE t changes
REVOKE SELECT ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT SELECT ON TABLE t TO pg_monitor WITH GRANT OPTION;
--- a replica identity whose index is dropped
-- index dropped: queries that use i become slower
DROP INDEX i;
ALTER TABLE t REPLICA IDENTITY NOTHING;
<=
ALTER TABLE t REPLICA IDENTITY DEFAULT;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building i takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY i ON t USING btree (a);
--- an extension without its comment
-- extension version: EXTENSION citext has to be available on the server
CREATE EXTENSION citext SCHEMA public VERSION '1.6';
COMMENT ON EXTENSION citext IS NULL;
<=
DROP EXTENSION citext;
--- an inherited column with an identity of its own
ALTER TABLE child ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (START WITH 10);
<=
ALTER TABLE child ALTER COLUMN id DROP IDENTITY;
--- a check of a domain that columns have in an array is refused
-- refused: cannot change DOMAIN positive: columns have it in an array or a composite type, whose values PostgreSQL does not check: write that revision by hand
--- a table gets another owner, who had its sequence by the default privileges
-- authorization change: who may use SEQUENCE t_id_seq changes
REVOKE SELECT, UPDATE, USAGE ON SEQUENCE t_id_seq FROM pg_monitor;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_monitor;
<=
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO CURRENT_USER;
-- authorization change: who may use SEQUENCE t_id_seq changes
GRANT SELECT, UPDATE, USAGE ON SEQUENCE t_id_seq TO pg_monitor;
--- a table leaves its type, which gets an attribute
ALTER TABLE typed NOT OF;
ALTER TYPE pair ADD ATTRIBUTE c integer CASCADE;
<=
ALTER TYPE pair DROP ATTRIBUTE c;
ALTER TABLE typed OF pair;
--- a function that has the name of one of PostgreSQL's, which its body calls
CREATE OR REPLACE FUNCTION public.abs(p point)
 RETURNS point
 LANGUAGE sql
 IMMUTABLE
RETURN point(abs((p)[0]), abs((p)[1]));
<=
DROP FUNCTION abs(point);
--- another owner than one who lacks a privilege
-- authorization change: who may use TABLE t changes
GRANT UPDATE ON TABLE t TO pg_monitor;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_read_all_stats;
<=
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_monitor;
-- authorization change: who may use TABLE t changes
REVOKE UPDATE ON TABLE t FROM pg_monitor;
--- a column of an array of the row type of a table that moves to another schema
CREATE TABLE app.t2 (
  id integer
);

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t1 ADD COLUMN x1_new app.t2[];
CREATE FUNCTION t1_x1_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.x1_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.x1_new::text IS DISTINCT FROM OLD.x1_new::text
      AND NEW.x1::text IS NOT DISTINCT FROM OLD.x1::text THEN
    NEW.x1 := NEW.x1_new::text[]::public.t2[];
  ELSE
    NEW.x1_new := NEW.x1::text[]::app.t2[];
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: t1.x1 is converted by a cast that may fail or lose something
CREATE TRIGGER zz_x1_in_step BEFORE INSERT OR UPDATE ON t1 FOR EACH ROW EXECUTE FUNCTION t1_x1_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t1') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t1 SET x1_new = x1_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND x1_new IS NULL AND x1 IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t1 WHERE x1_new IS NULL AND x1 IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE t1 RENAME COLUMN x1 TO x1_old;
ALTER TABLE t1 RENAME COLUMN x1_new TO x1;
ALTER TABLE t1 ALTER COLUMN x1_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t1_x1_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.x1_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.x1_old::text IS DISTINCT FROM OLD.x1_old::text
      AND NEW.x1::text IS NOT DISTINCT FROM OLD.x1::text THEN
    NEW.x1 := NEW.x1_old::text[]::app.t2[];
  ELSE
    NEW.x1_old := NEW.x1::text[]::public.t2[];
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_x1_in_step ON t1;
DROP FUNCTION t1_x1_in_step();
ALTER TABLE t1 DROP COLUMN x1_old;
RESET lock_timeout;

-- Unanswered: data loss: deletes the data of table t2
DROP TABLE t2;
<=
CREATE TABLE t2 (
  id integer
);

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t1 ADD COLUMN x1_new t2[];
CREATE FUNCTION t1_x1_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.x1_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.x1_new::text IS DISTINCT FROM OLD.x1_new::text
      AND NEW.x1::text IS NOT DISTINCT FROM OLD.x1::text THEN
    NEW.x1 := NEW.x1_new::text[]::app.t2[];
  ELSE
    NEW.x1_new := NEW.x1::text[]::public.t2[];
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: t1.x1 is converted by a cast that may fail or lose something
CREATE TRIGGER zz_x1_in_step BEFORE INSERT OR UPDATE ON t1 FOR EACH ROW EXECUTE FUNCTION t1_x1_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t1') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t1 SET x1_new = x1_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND x1_new IS NULL AND x1 IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t1 WHERE x1_new IS NULL AND x1 IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE t1 RENAME COLUMN x1 TO x1_old;
ALTER TABLE t1 RENAME COLUMN x1_new TO x1;
ALTER TABLE t1 ALTER COLUMN x1_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t1_x1_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.x1_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.x1_old::text IS DISTINCT FROM OLD.x1_old::text
      AND NEW.x1::text IS NOT DISTINCT FROM OLD.x1::text THEN
    NEW.x1 := NEW.x1_old::text[]::public.t2[];
  ELSE
    NEW.x1_old := NEW.x1::text[]::app.t2[];
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_x1_in_step ON t1;
DROP FUNCTION t1_x1_in_step();
ALTER TABLE t1 DROP COLUMN x1_old;
RESET lock_timeout;

-- Unanswered: data loss: deletes the data of table app.t2
DROP TABLE app.t2;
--- a partition that is created next to the default partition
ALTER TABLE p1_default ADD CONSTRAINT p1_1_is_elsewhere CHECK (NOT ((id IS NOT NULL) AND (id >= 1) AND (id < 10))) NOT VALID;
ALTER TABLE t_default ADD CONSTRAINT t1_is_elsewhere CHECK (NOT ((id IS NOT NULL) AND (id >= 1) AND (id < 10))) NOT VALID;

-- depends on rows: fails if the rows of p1_default do not fit
ALTER TABLE p1_default VALIDATE CONSTRAINT p1_1_is_elsewhere;
-- depends on rows: fails if the rows of t_default do not fit
ALTER TABLE t_default VALIDATE CONSTRAINT t1_is_elsewhere;
CREATE TABLE p1_1 PARTITION OF p1 FOR VALUES FROM (1) TO (10);
ALTER TABLE p1_default DROP CONSTRAINT p1_1_is_elsewhere;
CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (1) TO (10);
COMMENT ON TABLE t1 IS 'new';
ALTER TABLE t_default DROP CONSTRAINT t1_is_elsewhere;
CREATE INDEX t1_a ON t1 USING btree (a);
<=
-- Unanswered: data loss: deletes the data of table t1
DROP TABLE t1;
-- Unanswered: data loss: deletes the data of table p1_1
DROP TABLE p1_1;
--- publications that have a table with children, and a schema that is renamed
DROP SCHEMA one;
CREATE SCHEMA other;
ALTER PUBLICATION pub1 SET TABLES IN SCHEMA other;
ALTER PUBLICATION pub2 SET TABLE ONLY t1 (id), TABLE t2 (id);
<=
DROP PUBLICATION pub2;
DROP PUBLICATION pub1;
DROP SCHEMA other;
CREATE SCHEMA one;
CREATE PUBLICATION pub1 WITH (publish = 'insert, update, delete, truncate');
CREATE PUBLICATION pub2 WITH (publish = 'insert');
--- a check and a foreign key whose names are free when their columns are dropped
-- Unanswered: data loss: deletes the data of column t.a
ALTER TABLE t DROP COLUMN a;
-- Unanswered: data loss: deletes the data of column t.b
ALTER TABLE t DROP COLUMN b;
-- Unanswered: data loss: deletes the data of column t.id
ALTER TABLE t DROP COLUMN id;
-- Unanswered: data loss: deletes the data of column t.buzz
ALTER TABLE t DROP COLUMN buzz;
ALTER TABLE t ADD COLUMN new_id integer;
ALTER TABLE t ADD COLUMN new_buzz real;
ALTER TABLE t ADD COLUMN new_a integer;
ALTER TABLE t ADD COLUMN new_b integer;
ALTER TABLE t ADD CONSTRAINT c CHECK (new_id::double precision < new_buzz) NOT VALID;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (new_a, new_b) REFERENCES u(a, b) NOT VALID;

-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT c;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT f;
<=
-- Unanswered: data loss: deletes the data of column t.new_a
ALTER TABLE t DROP COLUMN new_a;
-- Unanswered: data loss: deletes the data of column t.new_b
ALTER TABLE t DROP COLUMN new_b;
-- Unanswered: data loss: deletes the data of column t.new_id
ALTER TABLE t DROP COLUMN new_id;
-- Unanswered: data loss: deletes the data of column t.new_buzz
ALTER TABLE t DROP COLUMN new_buzz;
ALTER TABLE t ADD COLUMN id integer;
ALTER TABLE t ADD COLUMN buzz real;
ALTER TABLE t ADD COLUMN a integer;
ALTER TABLE t ADD COLUMN b integer;
ALTER TABLE t ADD CONSTRAINT c CHECK (id::double precision < buzz) NOT VALID;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a, b) REFERENCES u(a, b) NOT VALID;

-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT c;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT f;
--- walk_60901
ALTER TABLE t2 DROP COLUMN g1;
-- Unanswered: data loss: deletes the data of column t2.n1
ALTER TABLE t2 DROP COLUMN n1;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t2 ADD COLUMN e1_new mood;
CREATE FUNCTION t2_e1_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.e1_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.e1_new::text IS DISTINCT FROM OLD.e1_new::text
      AND NEW.e1::text IS NOT DISTINCT FROM OLD.e1::text THEN
    NEW.e1 := NEW.e1_new::text::public.mood[];
  ELSE
    NEW.e1_new := NEW.e1::text::public.mood;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: t2.e1 is converted by a cast that may fail or lose something
CREATE TRIGGER zz_e1_in_step BEFORE INSERT OR UPDATE ON t2 FOR EACH ROW EXECUTE FUNCTION t2_e1_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t2') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t2 SET e1_new = e1_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND e1_new IS NULL AND e1 IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t2 WHERE e1_new IS NULL AND e1 IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t2 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE t2 RENAME COLUMN e1 TO e1_old;
ALTER TABLE t2 RENAME COLUMN e1_new TO e1;
ALTER TABLE t2 ALTER COLUMN e1_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t2_e1_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.e1_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.e1_old::text IS DISTINCT FROM OLD.e1_old::text
      AND NEW.e1::text IS NOT DISTINCT FROM OLD.e1::text THEN
    NEW.e1 := NEW.e1_old::text::public.mood;
  ELSE
    NEW.e1_old := NEW.e1::text::public.mood[];
  END IF;
  RETURN NEW;
END
$in_step$;
ALTER TABLE t2 SET (toast.autovacuum_enabled=false);

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_e1_in_step ON t2;
DROP FUNCTION t2_e1_in_step();
ALTER TABLE t2 DROP COLUMN e1_old;
RESET lock_timeout;
<=
ALTER TABLE t2 ADD COLUMN n1 integer;
-- table rewrite: t2 is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t2 ADD COLUMN g1 integer GENERATED ALWAYS AS (n1 + 1) STORED;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t2 ADD COLUMN e1_new mood[];
CREATE FUNCTION t2_e1_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.e1_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.e1_new::text IS DISTINCT FROM OLD.e1_new::text
      AND NEW.e1::text IS NOT DISTINCT FROM OLD.e1::text THEN
    NEW.e1 := NEW.e1_new::text::public.mood;
  ELSE
    NEW.e1_new := NEW.e1::text::public.mood[];
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: t2.e1 is converted by a cast that may fail or lose something
CREATE TRIGGER zz_e1_in_step BEFORE INSERT OR UPDATE ON t2 FOR EACH ROW EXECUTE FUNCTION t2_e1_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t2') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t2 SET e1_new = e1_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND e1_new IS NULL AND e1 IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t2 WHERE e1_new IS NULL AND e1 IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t2 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
-- depends on rows: fails if the rows of t2 do not fit
-- index build: building t2_n1_key takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t2_n1_key ON t2 USING btree (n1);

ALTER TABLE t2 ADD CONSTRAINT t2_n1_key UNIQUE USING INDEX t2_n1_key;

ALTER TABLE t2 RENAME COLUMN e1 TO e1_old;
ALTER TABLE t2 RENAME COLUMN e1_new TO e1;
ALTER TABLE t2 ALTER COLUMN e1_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t2_e1_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.e1_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.e1_old::text IS DISTINCT FROM OLD.e1_old::text
      AND NEW.e1::text IS NOT DISTINCT FROM OLD.e1::text THEN
    NEW.e1 := NEW.e1_old::text::public.mood[];
  ELSE
    NEW.e1_old := NEW.e1::text::public.mood;
  END IF;
  RETURN NEW;
END
$in_step$;
ALTER TABLE t2 SET (toast.autovacuum_enabled=false);

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_e1_in_step ON t2;
DROP FUNCTION t2_e1_in_step();
ALTER TABLE t2 DROP COLUMN e1_old;
RESET lock_timeout;
--- walk_61764
CREATE TABLE app.t2 (
  id smallint,
  s1 text,
  n1 smallint
);
ALTER PUBLICATION pub2 SET TABLE app.t2 (id, s1) WHERE (id > 0);
-- Unanswered: data loss: deletes the data of table t2
DROP TABLE t2;
CREATE STATISTICS public.st1 ON id, n1 FROM app.t2;
<=
CREATE TABLE t2 (
  id smallint,
  s1 text,
  n1 smallint
);
ALTER PUBLICATION pub2 SET TABLE t2 (id, s1) WHERE (id > 0);
-- Unanswered: data loss: deletes the data of table app.t2
DROP TABLE app.t2;
CREATE STATISTICS public.st1 ON id, n1 FROM t2;
--- a type whose rows stay as they are, with indexes on the column that have another operator class or the same one
ALTER TABLE t ALTER COLUMN o TYPE oid;
ALTER TABLE t ALTER COLUMN v TYPE character varying(20);

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN n_new oid, ADD COLUMN s_new bpchar;
CREATE FUNCTION t_n_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.n_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.n_new::text IS DISTINCT FROM OLD.n_new::text
      AND NEW.n::text IS NOT DISTINCT FROM OLD.n::text THEN
    NEW.n := NEW.n_new;
  ELSE
    NEW.n_new := NEW.n;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.s_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.s_new::text IS DISTINCT FROM OLD.s_new::text
      AND NEW.s::text IS NOT DISTINCT FROM OLD.s::text THEN
    NEW.s := NEW.s_new;
  ELSE
    NEW.s_new := NEW.s;
  END IF;
  RETURN NEW;
END
$in_step$;
CREATE TRIGGER zz_n_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_n_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET n_new = n_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (n_new IS NULL AND n IS NOT NULL OR s_new IS NULL AND s IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (n_new IS NULL AND n IS NOT NULL OR s_new IS NULL AND s IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
CREATE INDEX CONCURRENTLY t_s_new ON t USING btree (s_new);
CREATE UNIQUE INDEX CONCURRENTLY t_n_key_new ON t USING btree (n_new);

ALTER INDEX t_s RENAME TO t_s_old;
ALTER INDEX t_s_new RENAME TO t_s;
ALTER TABLE t RENAME COLUMN n TO n_old;
ALTER TABLE t RENAME COLUMN n_new TO n;
ALTER TABLE t RENAME COLUMN s TO s_old;
ALTER TABLE t RENAME COLUMN s_new TO s;
ALTER TABLE t ALTER COLUMN n_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN s_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_n_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.n_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.n_old::text IS DISTINCT FROM OLD.n_old::text
      AND NEW.n::text IS NOT DISTINCT FROM OLD.n::text THEN
    NEW.n := NEW.n_old;
  ELSE
    NEW.n_old := NEW.n;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.s_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.s_old::text IS DISTINCT FROM OLD.s_old::text
      AND NEW.s::text IS NOT DISTINCT FROM OLD.s::text THEN
    NEW.s := NEW.s_old;
  ELSE
    NEW.s_old := NEW.s;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_n_key, ADD CONSTRAINT t_n_key UNIQUE USING INDEX t_n_key_new;
DROP TRIGGER zz_n_in_step ON t;
DROP FUNCTION t_n_in_step();
ALTER TABLE t DROP COLUMN n_old, DROP COLUMN s_old;
RESET lock_timeout;
<=
-- depends on rows: fails if the rows of t.o do not fit
ALTER TABLE t ALTER COLUMN o TYPE integer;
-- depends on rows: fails if the rows of t.v do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN v TYPE character varying(10);

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN n_new integer, ADD COLUMN s_new text;
CREATE FUNCTION t_n_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.n_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.n_new::text IS DISTINCT FROM OLD.n_new::text
      AND NEW.n::text IS NOT DISTINCT FROM OLD.n::text THEN
    NEW.n := NEW.n_new;
  ELSE
    NEW.n_new := NEW.n;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.s_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.s_new::text IS DISTINCT FROM OLD.s_new::text
      AND NEW.s::text IS NOT DISTINCT FROM OLD.s::text THEN
    NEW.s := NEW.s_new;
  ELSE
    NEW.s_new := NEW.s;
  END IF;
  RETURN NEW;
END
$in_step$;
-- depends on rows: fails if the rows of t.n do not fit
CREATE TRIGGER zz_n_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_n_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET n_new = n_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (n_new IS NULL AND n IS NOT NULL OR s_new IS NULL AND s IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (n_new IS NULL AND n IS NOT NULL OR s_new IS NULL AND s IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
CREATE INDEX CONCURRENTLY t_s_new ON t USING btree (s_new);
-- depends on rows: fails if the rows of t do not fit
CREATE UNIQUE INDEX CONCURRENTLY t_n_key_new ON t USING btree (n_new);

ALTER INDEX t_s RENAME TO t_s_old;
ALTER INDEX t_s_new RENAME TO t_s;
ALTER TABLE t RENAME COLUMN n TO n_old;
ALTER TABLE t RENAME COLUMN n_new TO n;
ALTER TABLE t RENAME COLUMN s TO s_old;
ALTER TABLE t RENAME COLUMN s_new TO s;
ALTER TABLE t ALTER COLUMN n_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN s_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_n_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.n_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.n_old::text IS DISTINCT FROM OLD.n_old::text
      AND NEW.n::text IS NOT DISTINCT FROM OLD.n::text THEN
    NEW.n := NEW.n_old;
  ELSE
    NEW.n_old := NEW.n;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.s_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.s_old::text IS DISTINCT FROM OLD.s_old::text
      AND NEW.s::text IS NOT DISTINCT FROM OLD.s::text THEN
    NEW.s := NEW.s_old;
  ELSE
    NEW.s_old := NEW.s;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_n_key, ADD CONSTRAINT t_n_key UNIQUE USING INDEX t_n_key_new;
DROP TRIGGER zz_n_in_step ON t;
DROP FUNCTION t_n_in_step();
ALTER TABLE t DROP COLUMN n_old, DROP COLUMN s_old;
RESET lock_timeout;
--- an identity sequence that gets the name of one that goes
-- Unanswered: data loss: deletes the data of table t3
DROP TABLE t3;
ALTER SEQUENCE ids RENAME TO t3_id_seq;
<=
ALTER SEQUENCE t3_id_seq RENAME TO ids;
CREATE SEQUENCE t3_id_seq;
CREATE TABLE t3 (
  id bigint DEFAULT nextval('t3_id_seq'::regclass) NOT NULL
);
ALTER SEQUENCE t3_id_seq OWNED BY t3.id;
--- a published table that becomes logged while a column is exchanged
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t4 ADD COLUMN id_new integer;
CREATE FUNCTION t4_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;
-- depends on rows: fails if the rows of t4.id do not fit
CREATE TRIGGER zz_id_in_step BEFORE INSERT OR UPDATE ON t4 FOR EACH ROW EXECUTE FUNCTION t4_id_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t4') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t4 SET id_new = id_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id_new IS NULL AND id IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t4 WHERE id_new IS NULL AND id IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t4 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE t4 ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of t4 do not fit
ALTER TABLE t4 VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE t4 ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE t4 DROP CONSTRAINT id_new_is_not_null;
RESET lock_timeout;

ALTER TABLE t4 RENAME COLUMN id TO id_old;
ALTER TABLE t4 RENAME COLUMN id_new TO id;
ALTER TABLE t4 ALTER COLUMN id_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t4_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
-- depends on rows: fails if the rows of t4 do not fit
-- index build: building t4_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t4_pkey ON t4 USING btree (id);

ALTER TABLE t4 ADD CONSTRAINT t4_pkey PRIMARY KEY USING INDEX t4_pkey;
-- table rewrite: t4 is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t4 SET LOGGED;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_id_in_step ON t4;
DROP FUNCTION t4_id_in_step();
ALTER TABLE t4 DROP COLUMN id_old;
RESET lock_timeout;
<=
-- table rewrite: t4 is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t4 SET UNLOGGED;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t4 ADD COLUMN id_new bigint;
CREATE FUNCTION t4_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;
CREATE TRIGGER zz_id_in_step BEFORE INSERT OR UPDATE ON t4 FOR EACH ROW EXECUTE FUNCTION t4_id_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t4') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t4 SET id_new = id_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id_new IS NULL AND id IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t4 WHERE id_new IS NULL AND id IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t4 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

-- index dropped: queries that use t4_pkey become slower
ALTER TABLE t4 DROP CONSTRAINT t4_pkey;
ALTER TABLE t4 RENAME COLUMN id TO id_old;
ALTER TABLE t4 RENAME COLUMN id_new TO id;
ALTER TABLE t4 ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE t4 ALTER COLUMN id_old DROP NOT NULL;
CREATE OR REPLACE FUNCTION t4_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_id_in_step ON t4;
DROP FUNCTION t4_id_in_step();
ALTER TABLE t4 DROP COLUMN id_old;
RESET lock_timeout;
