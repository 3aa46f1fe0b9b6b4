--- a primary key that is dropped
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

-- index dropped: queries that use t_pkey become slower
ALTER TABLE t DROP CONSTRAINT t_pkey;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
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
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
<=
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
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
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
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t USING btree (id);

ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
--- a primary key on another column, with another name
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
-- depends on rows: fails if the rows of t do not fit
-- index build: building other takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY other__new ON t USING btree (a);
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT other PRIMARY KEY USING INDEX other__new;
RESET lock_timeout;

ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
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
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
<=
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
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
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
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey__new ON t USING btree (id);
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT other, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey__new;
RESET lock_timeout;
SET lock_timeout = '5s';
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
--- a primary key on another column, with the same name
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
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey__new ON t USING btree (a);
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey__new;
RESET lock_timeout;

ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
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
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
<=
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
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
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
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey__new ON t USING btree (id);
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey__new;
RESET lock_timeout;
SET lock_timeout = '5s';
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
--- a primary key that moves to an exchanged column from another one
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN id_new bigint, ADD COLUMN a_new character varying(5);
CREATE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a;
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
      AND (id_new IS NULL AND id IS NOT NULL OR a_new IS NULL AND a IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (id_new IS NULL AND id IS NOT NULL OR a_new IS NULL AND a IS NOT NULL)) THEN
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

-- index dropped: queries that use t_pkey become slower
ALTER TABLE t DROP CONSTRAINT t_pkey;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN a_old DROP NOT NULL;
CREATE OR REPLACE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t USING btree (id);

ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old, DROP COLUMN a_old;
RESET lock_timeout;
<=
ALTER TABLE t ALTER COLUMN a TYPE text;
ALTER TABLE t ADD CONSTRAINT a_is_not_null CHECK (a IS NOT NULL) NOT VALID;

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

-- depends on rows: fails if the rows of t.a do not fit
ALTER TABLE t VALIDATE CONSTRAINT a_is_not_null;
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT a_is_not_null;

-- index dropped: queries that use t_pkey become slower
ALTER TABLE t DROP CONSTRAINT t_pkey;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
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
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t USING btree (a);

ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
--- a primary key with another column, and a foreign key that follows it
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN id_new bigint, ADD COLUMN a_new bigint;
CREATE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a;
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
      AND (id_new IS NULL AND id IS NOT NULL OR a_new IS NULL AND a IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (id_new IS NULL AND id IS NOT NULL OR a_new IS NULL AND a IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE t ADD CONSTRAINT a_new_is_not_null CHECK (a_new IS NOT NULL) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT a_new_is_not_null;
ALTER TABLE t ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_new_is_not_null;
ALTER TABLE t ALTER COLUMN a_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT a_new_is_not_null;
RESET lock_timeout;
SET lock_timeout = '5s';
ALTER TABLE u ADD COLUMN r_new bigint, ADD COLUMN s_new bigint;
CREATE FUNCTION u_r_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.r_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.r_new::text IS DISTINCT FROM OLD.r_new::text
      AND NEW.r::text IS NOT DISTINCT FROM OLD.r::text THEN
    NEW.r := NEW.r_new;
  ELSE
    NEW.r_new := NEW.r;
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
CREATE TRIGGER zz_r_in_step BEFORE INSERT OR UPDATE ON u FOR EACH ROW EXECUTE FUNCTION u_r_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('u') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE u SET r_new = r_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (r_new IS NULL AND r IS NOT NULL OR s_new IS NULL AND s IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM u WHERE (r_new IS NULL AND r IS NOT NULL OR s_new IS NULL AND s IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of u still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE u DROP CONSTRAINT u_r_fkey;
-- index dropped: queries that use t_pkey become slower
ALTER TABLE t DROP CONSTRAINT t_pkey;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t USING btree (id, a);

ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;

ALTER TABLE u RENAME COLUMN r TO r_old;
ALTER TABLE u RENAME COLUMN r_new TO r;
ALTER TABLE u RENAME COLUMN s TO s_old;
ALTER TABLE u RENAME COLUMN s_new TO s;
ALTER TABLE u ALTER COLUMN r_old DROP DEFAULT;
ALTER TABLE u ALTER COLUMN s_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION u_r_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.r_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.r_old::text IS DISTINCT FROM OLD.r_old::text
      AND NEW.r::text IS NOT DISTINCT FROM OLD.r::text THEN
    NEW.r := NEW.r_old;
  ELSE
    NEW.r_old := NEW.r;
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
ALTER TABLE u ADD CONSTRAINT u_r_s_fkey FOREIGN KEY (r, s) REFERENCES t(id, a) NOT VALID;

-- depends on rows: fails if the rows of u do not fit
ALTER TABLE u VALIDATE CONSTRAINT u_r_s_fkey;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
ALTER TABLE t ALTER COLUMN a_old DROP NOT NULL;
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old, DROP COLUMN a_old;
RESET lock_timeout;
SET lock_timeout = '5s';
DROP TRIGGER zz_r_in_step ON u;
DROP FUNCTION u_r_in_step();
ALTER TABLE u DROP COLUMN r_old, DROP COLUMN s_old;
RESET lock_timeout;
<=
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN id_new integer, ADD COLUMN a_new integer;
CREATE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a;
  END IF;
  RETURN NEW;
END
$in_step$;
-- depends on rows: fails if the rows of t.id do not fit
-- depends on rows: fails if the rows of t.a do not fit
CREATE TRIGGER zz_id_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_id_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET id_new = id_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (id_new IS NULL AND id IS NOT NULL OR a_new IS NULL AND a IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (id_new IS NULL AND id IS NOT NULL OR a_new IS NULL AND a IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE t ADD CONSTRAINT a_new_is_not_null CHECK (a_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT a_new_is_not_null;
ALTER TABLE t ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_new_is_not_null;
ALTER TABLE t ALTER COLUMN a_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT a_new_is_not_null;
RESET lock_timeout;
SET lock_timeout = '5s';
ALTER TABLE u ADD COLUMN r_new integer, ADD COLUMN s_new integer;
CREATE FUNCTION u_r_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.r_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.r_new::text IS DISTINCT FROM OLD.r_new::text
      AND NEW.r::text IS NOT DISTINCT FROM OLD.r::text THEN
    NEW.r := NEW.r_new;
  ELSE
    NEW.r_new := NEW.r;
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
-- depends on rows: fails if the rows of u.r do not fit
-- depends on rows: fails if the rows of u.s do not fit
CREATE TRIGGER zz_r_in_step BEFORE INSERT OR UPDATE ON u FOR EACH ROW EXECUTE FUNCTION u_r_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('u') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE u SET r_new = r_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (r_new IS NULL AND r IS NOT NULL OR s_new IS NULL AND s IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM u WHERE (r_new IS NULL AND r IS NOT NULL OR s_new IS NULL AND s IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of u still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE u DROP CONSTRAINT u_r_s_fkey;
-- index dropped: queries that use t_pkey become slower
ALTER TABLE t DROP CONSTRAINT t_pkey;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t USING btree (id);

ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;

ALTER TABLE u RENAME COLUMN r TO r_old;
ALTER TABLE u RENAME COLUMN r_new TO r;
ALTER TABLE u RENAME COLUMN s TO s_old;
ALTER TABLE u RENAME COLUMN s_new TO s;
ALTER TABLE u ALTER COLUMN r_old DROP DEFAULT;
ALTER TABLE u ALTER COLUMN s_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION u_r_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.r_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.r_old::text IS DISTINCT FROM OLD.r_old::text
      AND NEW.r::text IS NOT DISTINCT FROM OLD.r::text THEN
    NEW.r := NEW.r_old;
  ELSE
    NEW.r_old := NEW.r;
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
ALTER TABLE u ADD CONSTRAINT u_r_fkey FOREIGN KEY (r) REFERENCES t(id) NOT VALID;

-- depends on rows: fails if the rows of u do not fit
ALTER TABLE u VALIDATE CONSTRAINT u_r_fkey;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
ALTER TABLE t ALTER COLUMN a_old DROP NOT NULL;
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old, DROP COLUMN a_old;
RESET lock_timeout;
SET lock_timeout = '5s';
DROP TRIGGER zz_r_in_step ON u;
DROP FUNCTION u_r_in_step();
ALTER TABLE u DROP COLUMN r_old, DROP COLUMN s_old;
RESET lock_timeout;
--- an index, a check and a unique constraint that get a new column
ALTER TABLE t ADD COLUMN b integer;

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

ALTER TABLE t DROP CONSTRAINT c;
-- index dropped: queries that use i become slower
DROP INDEX i;
-- index dropped: queries that use u become slower
ALTER TABLE t DROP CONSTRAINT u;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
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
ALTER TABLE t ADD CONSTRAINT c CHECK (id > b) NOT VALID;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building u takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u ON t USING btree (id, b);
-- index build: building i takes time and I/O
CREATE INDEX CONCURRENTLY i ON t USING btree (id, b);

-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT c;
ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
<=
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

-- Unanswered: data loss: deletes the data of column t.b
ALTER TABLE t DROP COLUMN b;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
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
ALTER TABLE t ADD CONSTRAINT c CHECK (id > a) NOT VALID;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building u takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u ON t USING btree (id, a);
-- index build: building i takes time and I/O
CREATE INDEX CONCURRENTLY i ON t USING btree (id, a);

-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT c;
ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX u;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
--- a generated column and a view that are dropped
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

ALTER TABLE t DROP COLUMN g;
DROP VIEW v;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
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
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
<=
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

ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
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
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ADD COLUMN g integer GENERATED ALWAYS AS (id + 1) STORED;
CREATE VIEW v AS
 SELECT id
   FROM t;

-- Transaction: off
-- index build: building i takes time and I/O
CREATE INDEX CONCURRENTLY i ON t USING btree (g);
SET lock_timeout = '5s';
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old;
RESET lock_timeout;
--- materialized views, with an index and a comment, and what uses them
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN id_new bigint, ADD COLUMN a_new bigint;
CREATE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a;
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
      AND (id_new IS NULL AND id IS NOT NULL OR a_new IS NULL AND a IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (id_new IS NULL AND id IS NOT NULL OR a_new IS NULL AND a IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
CREATE UNIQUE INDEX CONCURRENTLY t_pkey_new ON t USING btree (id_new);
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
ALTER TABLE t VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE t ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_new_is_not_null;
RESET lock_timeout;

DROP MATERIALIZED VIEW m2;
DROP VIEW v;
DROP MATERIALIZED VIEW m;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a;
  END IF;
  RETURN NEW;
END
$in_step$;

CREATE MATERIALIZED VIEW m AS
 SELECT id,
    a,
    count(*) AS n
   FROM t
  GROUP BY id, a;
COMMENT ON COLUMN m.a IS 'x';
GRANT SELECT ON TABLE m TO PUBLIC;
CREATE VIEW v AS
 SELECT a
   FROM m;

-- depends on rows: fails if the rows of m do not fit
-- index build: building mi takes time and I/O
CREATE UNIQUE INDEX mi ON m USING btree (id);
-- index build: building mj takes time and I/O
CREATE INDEX mj ON m USING btree (a) WHERE a > 0;
CREATE MATERIALIZED VIEW m2 AS
 SELECT a
   FROM m;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey_new;
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old, DROP COLUMN a_old;
RESET lock_timeout;
<=
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN id_new integer, ADD COLUMN a_new integer;
CREATE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a;
  END IF;
  RETURN NEW;
END
$in_step$;
-- depends on rows: fails if the rows of t.id do not fit
-- depends on rows: fails if the rows of t.a do not fit
CREATE TRIGGER zz_id_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_id_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET id_new = id_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (id_new IS NULL AND id IS NOT NULL OR a_new IS NULL AND a IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (id_new IS NULL AND id IS NOT NULL OR a_new IS NULL AND a IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
-- depends on rows: fails if the rows of t do not fit
CREATE UNIQUE INDEX CONCURRENTLY t_pkey_new ON t USING btree (id_new);
SET lock_timeout = '5s';
ALTER TABLE t ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE t ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_new_is_not_null;
RESET lock_timeout;

DROP MATERIALIZED VIEW m2;
DROP VIEW v;
DROP MATERIALIZED VIEW m;
ALTER TABLE t RENAME COLUMN id TO id_old;
ALTER TABLE t RENAME COLUMN id_new TO id;
ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a;
  END IF;
  RETURN NEW;
END
$in_step$;

CREATE MATERIALIZED VIEW m AS
 SELECT id,
    a,
    count(*) AS n
   FROM t
  GROUP BY id, a;
COMMENT ON COLUMN m.a IS 'x';
GRANT SELECT ON TABLE m TO PUBLIC;
CREATE VIEW v AS
 SELECT a
   FROM m;

-- depends on rows: fails if the rows of m do not fit
-- index build: building mi takes time and I/O
CREATE UNIQUE INDEX mi ON m USING btree (id);
-- index build: building mj takes time and I/O
CREATE INDEX mj ON m USING btree (a) WHERE a > 0;
CREATE MATERIALIZED VIEW m2 AS
 SELECT a
   FROM m;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey_new;
ALTER TABLE t ALTER COLUMN id_old DROP NOT NULL;
DROP TRIGGER zz_id_in_step ON t;
DROP FUNCTION t_id_in_step();
ALTER TABLE t DROP COLUMN id_old, DROP COLUMN a_old;
RESET lock_timeout;
