--- a label is removed that no row has
-- Transaction: off
CREATE TYPE mood_new AS ENUM (
  'ok',
  'sad'
);
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN mood_new mood_new;
CREATE FUNCTION t_mood_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.mood_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.mood_new::text IS DISTINCT FROM OLD.mood_new::text
      AND NEW.mood::text IS NOT DISTINCT FROM OLD.mood::text THEN
    NEW.mood := NEW.mood_new::text::public.mood;
  ELSE
    NEW.mood_new := NEW.mood::text::public.mood_new;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: labels removed: fails if a row still has one: t.mood ('gone')
CREATE TRIGGER zz_mood_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_mood_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET mood_new = mood_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND mood_new IS NULL AND mood IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE mood_new IS NULL AND mood IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
ALTER TABLE t RENAME COLUMN mood TO mood_old;
ALTER TABLE t RENAME COLUMN mood_new TO mood;
ALTER TABLE t ALTER COLUMN mood_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_mood_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.mood_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.mood_old::text IS DISTINCT FROM OLD.mood_old::text
      AND NEW.mood::text IS NOT DISTINCT FROM OLD.mood::text THEN
    NEW.mood := NEW.mood_old::text::public.mood;
  ELSE
    NEW.mood_old := NEW.mood::text::public.mood_old;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_mood_in_step ON t;
DROP FUNCTION t_mood_in_step();
ALTER TABLE t DROP COLUMN mood_old;
RESET lock_timeout;
DROP TYPE mood_old;
<=
ALTER TYPE mood ADD VALUE 'gone';
--- an enum of a column with a default, an index, a check and a unique key
-- Transaction: off
CREATE TYPE mood_new AS ENUM (
  'ok',
  'sad'
);
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN m_new mood_new;
CREATE FUNCTION t_m_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.m_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.m_new::text IS DISTINCT FROM OLD.m_new::text
      AND NEW.m::text IS NOT DISTINCT FROM OLD.m::text THEN
    NEW.m := NEW.m_new::text::public.mood;
  ELSE
    NEW.m_new := NEW.m::text::public.mood_new;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: labels removed: fails if a row still has one: t.m ('gone')
CREATE TRIGGER zz_m_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_m_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET m_new = m_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND m_new IS NULL AND m IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE m_new IS NULL AND m IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
CREATE INDEX CONCURRENTLY t_m_new ON t USING btree (m_new) WHERE m_new = ANY (ARRAY['ok'::mood_new, 'sad'::mood_new]);
CREATE INDEX CONCURRENTLY t_n_new ON t USING btree (n, (m_new = 'ok'::mood_new));
-- depends on rows: fails if the rows of t do not fit
CREATE UNIQUE INDEX CONCURRENTLY t_m_n_key_new ON t USING btree (m_new, n);
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT t_check_new CHECK (m_new <> 'sad'::mood_new OR n > 0) NOT VALID;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT t_check_new;
ALTER TABLE t ADD CONSTRAINT m_new_is_not_null CHECK (m_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT m_new_is_not_null;
ALTER TABLE t ALTER COLUMN m_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT m_new_is_not_null;
RESET lock_timeout;

ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
ALTER INDEX t_m RENAME TO t_m_old;
ALTER INDEX t_m_new RENAME TO t_m;
ALTER INDEX t_n RENAME TO t_n_old;
ALTER INDEX t_n_new RENAME TO t_n;
ALTER TABLE t RENAME CONSTRAINT t_check TO t_check_old;
ALTER TABLE t RENAME CONSTRAINT t_check_new TO t_check;
ALTER TABLE t RENAME COLUMN m TO m_old;
ALTER TABLE t RENAME COLUMN m_new TO m;
ALTER TABLE t ALTER COLUMN m_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'ok'::mood;
CREATE OR REPLACE FUNCTION t_m_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.m_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.m_old::text IS DISTINCT FROM OLD.m_old::text
      AND NEW.m::text IS NOT DISTINCT FROM OLD.m::text THEN
    NEW.m := NEW.m_old::text::public.mood;
  ELSE
    NEW.m_old := NEW.m::text::public.mood_old;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_m_n_key, ADD CONSTRAINT t_m_n_key UNIQUE USING INDEX t_m_n_key_new;
ALTER TABLE t ALTER COLUMN m_old DROP NOT NULL;
ALTER TABLE t DROP CONSTRAINT t_check_old;
DROP TRIGGER zz_m_in_step ON t;
DROP FUNCTION t_m_in_step();
ALTER TABLE t DROP COLUMN m_old;
RESET lock_timeout;
DROP TYPE mood_old;
<=
ALTER TYPE mood ADD VALUE 'gone';
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'sad'::mood;
--- an enum of two tables, with its owner, comment and privileges
-- Transaction: off
CREATE TYPE mood_new AS ENUM (
  'ok'
);
SET lock_timeout = '5s';
ALTER TABLE one ADD COLUMN m_new mood_new;
CREATE FUNCTION one_m_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.m_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.m_new::text IS DISTINCT FROM OLD.m_new::text
      AND NEW.m::text IS NOT DISTINCT FROM OLD.m::text THEN
    NEW.m := NEW.m_new::text::public.mood;
  ELSE
    NEW.m_new := NEW.m::text::public.mood_new;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: labels removed: fails if a row still has one: one.m ('sad')
CREATE TRIGGER zz_m_in_step BEFORE INSERT OR UPDATE ON one FOR EACH ROW EXECUTE FUNCTION one_m_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('one') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE one SET m_new = m_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND m_new IS NULL AND m IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM one WHERE m_new IS NULL AND m IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of one still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
-- depends on rows: fails if the rows of one do not fit
CREATE UNIQUE INDEX CONCURRENTLY one_pkey_new ON one USING btree (m_new);
SET lock_timeout = '5s';
ALTER TABLE one ADD CONSTRAINT m_new_is_not_null CHECK (m_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of one do not fit
ALTER TABLE one VALIDATE CONSTRAINT m_new_is_not_null;
ALTER TABLE one ALTER COLUMN m_new SET NOT NULL;
ALTER TABLE one DROP CONSTRAINT m_new_is_not_null;
RESET lock_timeout;
SET lock_timeout = '5s';
ALTER TABLE two ADD COLUMN a_new mood_new, ADD COLUMN b_new mood_new;
CREATE FUNCTION two_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new::text::public.mood;
  ELSE
    NEW.a_new := NEW.a::text::public.mood_new;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new::text::public.mood;
  ELSE
    NEW.b_new := NEW.b::text::public.mood_new;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: labels removed: fails if a row still has one: two.a ('sad')
-- Unanswered: labels removed: fails if a row still has one: two.b ('sad')
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON two FOR EACH ROW EXECUTE FUNCTION two_a_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('two') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE two SET a_new = a_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM two WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of two still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE two ADD CONSTRAINT two_a_fkey_new FOREIGN KEY (a_new) REFERENCES one(m_new) NOT VALID;
-- depends on rows: fails if the rows of two do not fit
ALTER TABLE two VALIDATE CONSTRAINT two_a_fkey_new;
RESET lock_timeout;

ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
ALTER TYPE mood OWNER TO pg_monitor;
COMMENT ON TYPE mood IS 'new';
REVOKE USAGE ON TYPE mood FROM PUBLIC;
ALTER TABLE one RENAME COLUMN m TO m_old;
ALTER TABLE one RENAME COLUMN m_new TO m;
ALTER TABLE one ALTER COLUMN m_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION one_m_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.m_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.m_old::text IS DISTINCT FROM OLD.m_old::text
      AND NEW.m::text IS NOT DISTINCT FROM OLD.m::text THEN
    NEW.m := NEW.m_old::text::public.mood;
  ELSE
    NEW.m_old := NEW.m::text::public.mood_old;
  END IF;
  RETURN NEW;
END
$in_step$;
ALTER TABLE two RENAME COLUMN a TO a_old;
ALTER TABLE two RENAME COLUMN a_new TO a;
ALTER TABLE two RENAME COLUMN b TO b_old;
ALTER TABLE two RENAME COLUMN b_new TO b;
ALTER TABLE two ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE two ALTER COLUMN b_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION two_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old::text::public.mood;
  ELSE
    NEW.a_old := NEW.a::text::public.mood_old;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old::text::public.mood;
  ELSE
    NEW.b_old := NEW.b::text::public.mood_old;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE two DROP CONSTRAINT two_a_fkey;
ALTER TABLE two RENAME CONSTRAINT two_a_fkey_new TO two_a_fkey;
RESET lock_timeout;
SET lock_timeout = '5s';
ALTER TABLE one DROP CONSTRAINT one_pkey, ADD CONSTRAINT one_pkey PRIMARY KEY USING INDEX one_pkey_new;
ALTER TABLE one ALTER COLUMN m_old DROP NOT NULL;
DROP TRIGGER zz_m_in_step ON one;
DROP FUNCTION one_m_in_step();
ALTER TABLE one DROP COLUMN m_old;
RESET lock_timeout;
SET lock_timeout = '5s';
DROP TRIGGER zz_a_in_step ON two;
DROP FUNCTION two_a_in_step();
ALTER TABLE two DROP COLUMN a_old, DROP COLUMN b_old;
RESET lock_timeout;
DROP TYPE mood_old;
<=
ALTER TYPE mood ADD VALUE 'sad';
-- authorization change: who may use TYPE mood changes
ALTER TYPE mood OWNER TO CURRENT_USER;
COMMENT ON TYPE mood IS 'old';
--- an enum in arrays, and a column of it that becomes text
-- Transaction: off
CREATE TYPE mood_new AS ENUM (
  'ok'
);
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN a_new mood_new[], ADD COLUMN b_new text, ADD COLUMN c_new mood_new;
CREATE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new::text[]::public.mood[];
  ELSE
    NEW.a_new := NEW.a::text[]::public.mood_new[];
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new::public.mood;
  ELSE
    NEW.b_new := NEW.b;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_new::text IS DISTINCT FROM OLD.c_new::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_new;
  ELSE
    NEW.c_new := NEW.c::public.mood_new;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: labels removed: fails if a row still has one: t.a ('sad')
-- Unanswered: guessed cast: t.c is converted by a cast that may fail or lose something
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_a_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET a_new = a_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
CREATE INDEX CONCURRENTLY t_a_new ON t USING gin (a_new) WHERE a_new <> '{ok}'::mood_new[];
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT a_new_is_not_null CHECK (a_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT a_new_is_not_null;
ALTER TABLE t ALTER COLUMN a_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT a_new_is_not_null;
RESET lock_timeout;

ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
ALTER INDEX t_a RENAME TO t_a_old;
ALTER INDEX t_a_new RENAME TO t_a;
ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t RENAME COLUMN b TO b_old;
ALTER TABLE t RENAME COLUMN b_new TO b;
ALTER TABLE t RENAME COLUMN c TO c_old;
ALTER TABLE t RENAME COLUMN c_new TO c;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN a SET DEFAULT '{ok}'::mood[];
ALTER TABLE t ALTER COLUMN b_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN b SET DEFAULT 'ok'::text;
ALTER TABLE t ALTER COLUMN c_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old::text[]::public.mood[];
  ELSE
    NEW.a_old := NEW.a::text[]::public.mood_old[];
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old;
  ELSE
    NEW.b_old := NEW.b::public.mood_old;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_old::text IS DISTINCT FROM OLD.c_old::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_old::public.mood;
  ELSE
    NEW.c_old := NEW.c;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ALTER COLUMN a_old DROP NOT NULL;
DROP TRIGGER zz_a_in_step ON t;
DROP FUNCTION t_a_in_step();
ALTER TABLE t DROP COLUMN a_old, DROP COLUMN b_old, DROP COLUMN c_old;
RESET lock_timeout;
DROP TYPE mood_old;
<=
ALTER TYPE mood ADD VALUE 'sad';

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN b_new mood, ADD COLUMN c_new text;
CREATE FUNCTION t_b_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.b_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new;
  ELSE
    NEW.b_new := NEW.b::public.mood;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_new::text IS DISTINCT FROM OLD.c_new::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_new::public.mood;
  ELSE
    NEW.c_new := NEW.c;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: t.b is converted by a cast that may fail or lose something
CREATE TRIGGER zz_b_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_b_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET b_new = b_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE t RENAME COLUMN b TO b_old;
ALTER TABLE t RENAME COLUMN b_new TO b;
ALTER TABLE t RENAME COLUMN c TO c_old;
ALTER TABLE t RENAME COLUMN c_new TO c;
ALTER TABLE t ALTER COLUMN b_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN b SET DEFAULT 'ok'::mood;
ALTER TABLE t ALTER COLUMN c_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_b_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.b_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old::public.mood;
  ELSE
    NEW.b_old := NEW.b;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_old::text IS DISTINCT FROM OLD.c_old::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_old;
  ELSE
    NEW.c_old := NEW.c::public.mood;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_b_in_step ON t;
DROP FUNCTION t_b_in_step();
ALTER TABLE t DROP COLUMN b_old, DROP COLUMN c_old;
RESET lock_timeout;
--- an enum of views, a function, a trigger and a policy
-- Transaction: off
CREATE TYPE mood_new AS ENUM (
  'ok',
  'sad'
);
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN m_new mood_new;
CREATE FUNCTION t_m_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.m_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.m_new::text IS DISTINCT FROM OLD.m_new::text
      AND NEW.m::text IS NOT DISTINCT FROM OLD.m::text THEN
    NEW.m := NEW.m_new::text::public.mood;
  ELSE
    NEW.m_new := NEW.m::text::public.mood_new;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: labels removed: fails if a row still has one: t.m ('gone')
CREATE TRIGGER zz_m_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_m_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET m_new = m_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND m_new IS NULL AND m IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE m_new IS NULL AND m IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

DROP TRIGGER keep ON t;
-- authorization change: who may use t changes
DROP POLICY p ON t;
DROP VIEW v;
DROP VIEW w;
DROP VIEW x;
DROP MATERIALIZED VIEW y;
DROP FUNCTION f(mood);
ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
ALTER TABLE t RENAME COLUMN m TO m_old;
ALTER TABLE t RENAME COLUMN m_new TO m;
ALTER TABLE t ALTER COLUMN m_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_m_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.m_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.m_old::text IS DISTINCT FROM OLD.m_old::text
      AND NEW.m::text IS NOT DISTINCT FROM OLD.m::text THEN
    NEW.m := NEW.m_old::text::public.mood;
  ELSE
    NEW.m_old := NEW.m::text::public.mood_old;
  END IF;
  RETURN NEW;
END
$in_step$;
CREATE OR REPLACE FUNCTION public.f(m mood)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN (m = 'ok'::mood);
GRANT EXECUTE ON FUNCTION f(mood) TO pg_monitor;
CREATE TRIGGER keep BEFORE INSERT ON t FOR EACH ROW WHEN (new.m = 'sad'::mood) EXECUTE FUNCTION g();
-- authorization change: who may use t changes
CREATE POLICY p ON t USING (f(m));
CREATE VIEW v AS
 SELECT id,
    m
   FROM t
  WHERE m > 'ok'::mood;
CREATE VIEW w AS
 SELECT 'ok'::mood AS m;
CREATE VIEW x AS
 SELECT id
   FROM t
  WHERE f(m);

CREATE MATERIALIZED VIEW y AS
 SELECT id,
    m,
    f(m) AS is_ok
   FROM t;
-- index build: building y_m takes time and I/O
CREATE INDEX y_m ON y USING btree (m) WHERE f(m);

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_m_in_step ON t;
DROP FUNCTION t_m_in_step();
ALTER TABLE t DROP COLUMN m_old;
RESET lock_timeout;
DROP TYPE mood_old;
<=
ALTER TYPE mood ADD VALUE 'gone';
--- an enum in another schema with a quoted name
-- Transaction: off
CREATE TYPE "My Schema"."Mood_new" AS ENUM (
  'ok'
);
SET lock_timeout = '5s';
ALTER TABLE "My Schema".t ADD COLUMN "Mood_new" "My Schema"."Mood_new";
CREATE FUNCTION "My Schema"."t_Mood_in_step"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW."Mood_new"::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW."Mood_new"::text IS DISTINCT FROM OLD."Mood_new"::text
      AND NEW."Mood"::text IS NOT DISTINCT FROM OLD."Mood"::text THEN
    NEW."Mood" := NEW."Mood_new"::text::"My Schema"."Mood";
  ELSE
    NEW."Mood_new" := NEW."Mood"::text::"My Schema"."Mood_new";
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: labels removed: fails if a row still has one: "My Schema".t."Mood" ('sad')
CREATE TRIGGER "zz_Mood_in_step" BEFORE INSERT OR UPDATE ON "My Schema".t FOR EACH ROW EXECUTE FUNCTION "My Schema"."t_Mood_in_step"();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('"My Schema".t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE "My Schema".t SET "Mood_new" = "Mood_new"
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND "Mood_new" IS NULL AND "Mood" IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM "My Schema".t WHERE "Mood_new" IS NULL AND "Mood" IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of "My Schema".t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('"My Schema".t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE "My Schema".t SET "Mood_new" = 'ok'::"My Schema"."Mood_new"
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND "Mood_new" IS NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM "My Schema".t WHERE "Mood_new" IS NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of "My Schema".t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
CREATE INDEX CONCURRENTLY i_new ON "My Schema".t USING btree (("Mood_new" = 'ok'::"My Schema"."Mood_new"));
SET lock_timeout = '5s';
ALTER TABLE "My Schema".t ADD CONSTRAINT "Mood_new_is_not_null" CHECK ("Mood_new" IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of "My Schema".t do not fit
ALTER TABLE "My Schema".t VALIDATE CONSTRAINT "Mood_new_is_not_null";
ALTER TABLE "My Schema".t ALTER COLUMN "Mood_new" SET NOT NULL;
ALTER TABLE "My Schema".t DROP CONSTRAINT "Mood_new_is_not_null";
RESET lock_timeout;

ALTER TYPE "My Schema"."Mood" RENAME TO "Mood_old";
ALTER TYPE "My Schema"."Mood_new" RENAME TO "Mood";
ALTER INDEX "My Schema".i RENAME TO i_old;
ALTER INDEX "My Schema".i_new RENAME TO i;
ALTER TABLE "My Schema".t RENAME COLUMN "Mood" TO "Mood_old";
ALTER TABLE "My Schema".t RENAME COLUMN "Mood_new" TO "Mood";
ALTER TABLE "My Schema".t ALTER COLUMN "Mood_old" DROP DEFAULT;
ALTER TABLE "My Schema".t ALTER COLUMN "Mood" SET DEFAULT 'ok'::"My Schema"."Mood";
CREATE OR REPLACE FUNCTION "My Schema"."t_Mood_in_step"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW."Mood_old"::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW."Mood_old"::text IS DISTINCT FROM OLD."Mood_old"::text
      AND NEW."Mood"::text IS NOT DISTINCT FROM OLD."Mood"::text THEN
    NEW."Mood" := NEW."Mood_old"::text::"My Schema"."Mood";
  ELSE
    NEW."Mood_old" := NEW."Mood"::text::"My Schema"."Mood_old";
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER "zz_Mood_in_step" ON "My Schema".t;
DROP FUNCTION "My Schema"."t_Mood_in_step"();
ALTER TABLE "My Schema".t DROP COLUMN "Mood_old";
RESET lock_timeout;
DROP TYPE "My Schema"."Mood_old";
<=
ALTER TYPE "My Schema"."Mood" ADD VALUE 'sad';
ALTER TABLE "My Schema".t ALTER COLUMN "Mood" DROP NOT NULL;
--- columns of a new and of a dropped table, and of dropped and new columns
-- Unanswered: data loss: deletes the data of column t.dropped
ALTER TABLE t DROP COLUMN dropped;
-- Unanswered: data loss: deletes the data of table gone
DROP TABLE gone;

-- Transaction: off
CREATE TYPE mood_new AS ENUM (
  'b'
);
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN kept_new mood_new;
CREATE FUNCTION t_kept_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.kept_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.kept_new::text IS DISTINCT FROM OLD.kept_new::text
      AND NEW.kept::text IS NOT DISTINCT FROM OLD.kept::text THEN
    NEW.kept := NEW.kept_new::text::public.mood;
  ELSE
    NEW.kept_new := NEW.kept::text::public.mood_new;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: labels removed: fails if a row still has one: t.kept ('a')
CREATE TRIGGER zz_kept_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_kept_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET kept_new = kept_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND kept_new IS NULL AND kept IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE kept_new IS NULL AND kept IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
ALTER TABLE t RENAME COLUMN kept TO kept_old;
ALTER TABLE t RENAME COLUMN kept_new TO kept;
ALTER TABLE t ALTER COLUMN kept_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_kept_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.kept_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.kept_old::text IS DISTINCT FROM OLD.kept_old::text
      AND NEW.kept::text IS NOT DISTINCT FROM OLD.kept::text THEN
    NEW.kept := NEW.kept_old::text::public.mood;
  ELSE
    NEW.kept_old := NEW.kept::text::public.mood_old;
  END IF;
  RETURN NEW;
END
$in_step$;
CREATE TABLE made (
  m mood
);
ALTER TABLE t ADD COLUMN new mood DEFAULT 'b'::mood;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_kept_in_step ON t;
DROP FUNCTION t_kept_in_step();
ALTER TABLE t DROP COLUMN kept_old;
RESET lock_timeout;
DROP TYPE mood_old;
<=
-- Unanswered: data loss: deletes the data of column t.new
ALTER TABLE t DROP COLUMN new;
-- Unanswered: data loss: deletes the data of table made
DROP TABLE made;
ALTER TYPE mood ADD VALUE 'a' BEFORE 'b';
CREATE TABLE gone (
  m mood
);

ALTER TABLE t ADD COLUMN dropped mood DEFAULT 'a'::mood;
--- enums that cannot be exchanged
-- index dropped: queries that use i become slower
DROP INDEX i;
DROP FUNCTION f(of_index);
DROP DOMAIN d;
ALTER TYPE of_domain RENAME TO of_domain__old;
CREATE TYPE of_domain AS ENUM (
  'b',
  'a'
);
CREATE DOMAIN d AS of_domain;
ALTER TYPE of_index RENAME TO of_index__old;
CREATE TYPE of_index AS ENUM (
  'b',
  'a'
);
ALTER TYPE taken RENAME TO taken__old;
CREATE TYPE taken AS ENUM (
  'b',
  'a'
);
CREATE OR REPLACE FUNCTION public.f(e of_index)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN 1;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE of_domain USING a::text::of_domain;
DROP TYPE of_domain__old;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN c TYPE of_index USING c::text::of_index;
DROP TYPE of_index__old;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN x TYPE taken USING x::text::taken;
DROP TYPE taken__old;

-- Transaction: off
-- index build: building i takes time and I/O
CREATE INDEX CONCURRENTLY i ON t USING btree (f(c));
<=
-- index dropped: queries that use i become slower
DROP INDEX i;
DROP FUNCTION f(of_index);
DROP DOMAIN d;
ALTER TYPE of_domain RENAME TO of_domain__old;
CREATE TYPE of_domain AS ENUM (
  'a',
  'b'
);
CREATE DOMAIN d AS of_domain;
ALTER TYPE of_index RENAME TO of_index__old;
CREATE TYPE of_index AS ENUM (
  'a',
  'b'
);
ALTER TYPE taken RENAME TO taken__old;
CREATE TYPE taken AS ENUM (
  'a',
  'b'
);
CREATE OR REPLACE FUNCTION public.f(e of_index)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN 1;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE of_domain USING a::text::of_domain;
DROP TYPE of_domain__old;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN c TYPE of_index USING c::text::of_index;
DROP TYPE of_index__old;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN x TYPE taken USING x::text::taken;
DROP TYPE taken__old;

-- Transaction: off
-- index build: building i takes time and I/O
CREATE INDEX CONCURRENTLY i ON t USING btree (f(c));
--- in all partitions
-- Transaction: off
CREATE TYPE mood_new AS ENUM (
  'ok',
  'sad'
);
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN m_new mood_new;
CREATE FUNCTION t_m_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.m_new::text IS DISTINCT FROM OLD.m_new::text
      AND NEW.m::text IS NOT DISTINCT FROM OLD.m::text THEN
    NEW.m := NEW.m_new::text::public.mood;
  ELSE
    NEW.m_new := NEW.m::text::public.mood_new;
    IF TG_OP = 'INSERT' AND given.m_new::text IS NOT NULL
        AND given.m_new::text IS DISTINCT FROM NEW.m_new::text THEN
      NEW.m_new := given.m_new;
      NEW.m := NEW.m_new::text::public.mood;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: labels removed: fails if a row still has one: t.m ('gone')
CREATE TRIGGER zz_m_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_m_in_step();
RESET lock_timeout;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('t1') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE t1 SET m_new = m_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND m_new IS NULL AND m IS NOT NULL;
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t1 WHERE m_new IS NULL AND m IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('t2') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE t2 SET m_new = m_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND m_new IS NULL AND m IS NOT NULL;
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t2 WHERE m_new IS NULL AND m IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t2 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT m_new_is_not_null CHECK (m_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT m_new_is_not_null;
ALTER TABLE t ALTER COLUMN m_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT m_new_is_not_null;
RESET lock_timeout;
SET lock_timeout = '5s';
ALTER TABLE u ADD COLUMN m_new mood_new;
CREATE FUNCTION u_m_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.m_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.m_new::text IS DISTINCT FROM OLD.m_new::text
      AND NEW.m::text IS NOT DISTINCT FROM OLD.m::text THEN
    NEW.m := NEW.m_new::text::public.mood;
  ELSE
    NEW.m_new := NEW.m::text::public.mood_new;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: labels removed: fails if a row still has one: u.m ('gone')
CREATE TRIGGER zz_m_in_step BEFORE INSERT OR UPDATE ON u FOR EACH ROW EXECUTE FUNCTION u_m_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('u') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE u SET m_new = m_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND m_new IS NULL AND m IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM u WHERE m_new IS NULL AND m IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of u still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TYPE mood RENAME TO mood_old;
ALTER TYPE mood_new RENAME TO mood;
ALTER TABLE t RENAME COLUMN m TO m_old;
ALTER TABLE t RENAME COLUMN m_new TO m;
ALTER TABLE t ALTER COLUMN m_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN m SET DEFAULT 'ok'::mood;
CREATE OR REPLACE FUNCTION t_m_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.m_old::text IS DISTINCT FROM OLD.m_old::text
      AND NEW.m::text IS NOT DISTINCT FROM OLD.m::text THEN
    NEW.m := NEW.m_old::text::public.mood;
  ELSE
    NEW.m_old := NEW.m::text::public.mood_old;
    IF TG_OP = 'INSERT' AND given.m_old::text IS NOT NULL
        AND given.m_old::text IS DISTINCT FROM NEW.m_old::text THEN
      NEW.m_old := given.m_old;
      NEW.m := NEW.m_old::text::public.mood;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
ALTER TABLE u RENAME COLUMN m TO m_old;
ALTER TABLE u RENAME COLUMN m_new TO m;
ALTER TABLE u ALTER COLUMN m_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION u_m_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.m_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.m_old::text IS DISTINCT FROM OLD.m_old::text
      AND NEW.m::text IS NOT DISTINCT FROM OLD.m::text THEN
    NEW.m := NEW.m_old::text::public.mood;
  ELSE
    NEW.m_old := NEW.m::text::public.mood_old;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ALTER COLUMN m_old DROP NOT NULL;
DO $trigger$
BEGIN
  LOCK TABLE t;
  DROP TRIGGER zz_m_in_step ON t;
END
$trigger$;
DROP FUNCTION t_m_in_step();
ALTER TABLE t DROP COLUMN m_old;
RESET lock_timeout;
SET lock_timeout = '5s';
DROP TRIGGER zz_m_in_step ON u;
DROP FUNCTION u_m_in_step();
ALTER TABLE u DROP COLUMN m_old;
RESET lock_timeout;
DROP TYPE mood_old;
<=
ALTER TYPE mood ADD VALUE 'gone' AFTER 'ok';
