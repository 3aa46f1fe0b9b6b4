--- columns of a partitioned table, of partitions in another order and of their partitions
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ADD COLUMN a_new bigint, ADD COLUMN b_new integer, ADD COLUMN d_new bigint;
ALTER TABLE p ALTER COLUMN d SET DEFAULT 7;
CREATE FUNCTION p_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a;
    IF TG_OP = 'INSERT' AND given.a_new::text IS NOT NULL
        AND given.a_new::text IS DISTINCT FROM NEW.a_new::text THEN
      NEW.a_new := given.a_new;
      NEW.a := NEW.a_new;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new;
  ELSE
    NEW.b_new := NEW.b::integer;
    IF TG_OP = 'INSERT' AND given.b_new::text IS NOT NULL
        AND given.b_new::text IS DISTINCT FROM NEW.b_new::text THEN
      NEW.b_new := given.b_new;
      NEW.b := NEW.b_new;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.d_new::text IS DISTINCT FROM OLD.d_new::text
      AND NEW.d::text IS NOT DISTINCT FROM OLD.d::text THEN
    NEW.d := NEW.d_new;
  ELSE
    NEW.d_new := NEW.d;
    IF TG_OP = 'INSERT' AND given.d_new::text IS NOT NULL
        AND given.d_new::text IS DISTINCT FROM NEW.d_new::text THEN
      NEW.d_new := given.d_new;
      NEW.d := NEW.d_new;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: p.b is converted by a cast that may fail or lose something
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON p FOR EACH ROW EXECUTE FUNCTION p_a_in_step();
RESET lock_timeout;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('"S s".p2') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE "S s".p2 SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM "S s".p2 WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of "S s".p2 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p1') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p1 SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p1 WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p3a') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p3a SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p3a WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p3a still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p3b') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p3b SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p3b WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p3b still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('"S s".p2') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE "S s".p2 SET d_new = 7
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND d_new IS NULL;
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM "S s".p2 WHERE d_new IS NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of "S s".p2 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p1') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p1 SET d_new = 7
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND d_new IS NULL;
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p1 WHERE d_new IS NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p3a') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p3a SET d_new = 7
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND d_new IS NULL;
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p3a WHERE d_new IS NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p3a still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p3b') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p3b SET d_new = 7
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND d_new IS NULL;
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p3b WHERE d_new IS NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p3b still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE p ADD CONSTRAINT c_new CHECK (a_new > 0) NOT VALID;
-- depends on rows: fails if the rows of p do not fit
ALTER TABLE p VALIDATE CONSTRAINT c_new;
ALTER TABLE p ADD CONSTRAINT a_new_is_not_null CHECK (a_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of p do not fit
ALTER TABLE p VALIDATE CONSTRAINT a_new_is_not_null;
ALTER TABLE p ADD CONSTRAINT d_new_is_not_null CHECK (d_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of p do not fit
ALTER TABLE p VALIDATE CONSTRAINT d_new_is_not_null;
ALTER TABLE p ALTER COLUMN a_new SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT a_new_is_not_null;
ALTER TABLE p ALTER COLUMN d_new SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT d_new_is_not_null;
RESET lock_timeout;

DROP VIEW v;
ALTER TABLE p RENAME CONSTRAINT c TO c_old;
ALTER TABLE p RENAME CONSTRAINT c_new TO c;
ALTER TABLE p RENAME COLUMN a TO a_old;
ALTER TABLE p RENAME COLUMN a_new TO a;
ALTER TABLE p RENAME COLUMN b TO b_old;
ALTER TABLE p RENAME COLUMN b_new TO b;
ALTER TABLE p RENAME COLUMN d TO d_old;
ALTER TABLE p RENAME COLUMN d_new TO d;
ALTER TABLE p ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN a SET DEFAULT 4;
ALTER TABLE p ALTER COLUMN b_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN d_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN d SET DEFAULT 7;
CREATE OR REPLACE FUNCTION p_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a;
    IF TG_OP = 'INSERT' AND given.a_old::text IS NOT NULL
        AND given.a_old::text IS DISTINCT FROM NEW.a_old::text THEN
      NEW.a_old := given.a_old;
      NEW.a := NEW.a_old;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old::integer;
  ELSE
    NEW.b_old := NEW.b;
    IF TG_OP = 'INSERT' AND given.b_old::text IS NOT NULL
        AND given.b_old::text IS DISTINCT FROM NEW.b_old::text THEN
      NEW.b_old := given.b_old;
      NEW.b := NEW.b_old::integer;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.d_old::text IS DISTINCT FROM OLD.d_old::text
      AND NEW.d::text IS NOT DISTINCT FROM OLD.d::text THEN
    NEW.d := NEW.d_old;
  ELSE
    NEW.d_old := NEW.d;
    IF TG_OP = 'INSERT' AND given.d_old::text IS NOT NULL
        AND given.d_old::text IS DISTINCT FROM NEW.d_old::text THEN
      NEW.d_old := given.d_old;
      NEW.d := NEW.d_old;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
COMMENT ON COLUMN p.a IS 'kept';
GRANT SELECT (a) ON TABLE p TO PUBLIC;
ALTER TABLE p1 ALTER COLUMN a SET STATISTICS 100;
COMMENT ON COLUMN p1.a IS 'kept below';
CREATE VIEW v AS
 SELECT a
   FROM p;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ALTER COLUMN a_old DROP NOT NULL;
ALTER TABLE p DROP CONSTRAINT c_old;
DO $trigger$
BEGIN
  LOCK TABLE p;
  DROP TRIGGER zz_a_in_step ON p;
END
$trigger$;
DROP FUNCTION p_a_in_step();
ALTER TABLE p DROP COLUMN a_old, DROP COLUMN b_old, DROP COLUMN d_old;
RESET lock_timeout;
<=
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ADD COLUMN a_new integer, ADD COLUMN b_new text, ADD COLUMN d_new integer;
CREATE FUNCTION p_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a;
    IF TG_OP = 'INSERT' AND given.a_new::text IS NOT NULL
        AND given.a_new::text IS DISTINCT FROM NEW.a_new::text THEN
      NEW.a_new := given.a_new;
      NEW.a := NEW.a_new;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new::integer;
  ELSE
    NEW.b_new := NEW.b;
    IF TG_OP = 'INSERT' AND given.b_new::text IS NOT NULL
        AND given.b_new::text IS DISTINCT FROM NEW.b_new::text THEN
      NEW.b_new := given.b_new;
      NEW.b := NEW.b_new::integer;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.d_new::text IS DISTINCT FROM OLD.d_new::text
      AND NEW.d::text IS NOT DISTINCT FROM OLD.d::text THEN
    NEW.d := NEW.d_new;
  ELSE
    NEW.d_new := NEW.d;
    IF TG_OP = 'INSERT' AND given.d_new::text IS NOT NULL
        AND given.d_new::text IS DISTINCT FROM NEW.d_new::text THEN
      NEW.d_new := given.d_new;
      NEW.d := NEW.d_new;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
-- depends on rows: fails if the rows of p.a do not fit
-- depends on rows: fails if the rows of p.d do not fit
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON p FOR EACH ROW EXECUTE FUNCTION p_a_in_step();
RESET lock_timeout;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('"S s".p2') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE "S s".p2 SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM "S s".p2 WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of "S s".p2 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p1') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p1 SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p1 WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p3a') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p3a SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p3a WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p3a still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p3b') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p3b SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p3b WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p3b still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE p ADD CONSTRAINT c_new CHECK (a_new > 0) NOT VALID;
-- depends on rows: fails if the rows of p do not fit
ALTER TABLE p VALIDATE CONSTRAINT c_new;
ALTER TABLE p ADD CONSTRAINT a_new_is_not_null CHECK (a_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of p do not fit
ALTER TABLE p VALIDATE CONSTRAINT a_new_is_not_null;
ALTER TABLE p ALTER COLUMN a_new SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT a_new_is_not_null;
RESET lock_timeout;

DROP VIEW v;
ALTER TABLE p RENAME CONSTRAINT c TO c_old;
ALTER TABLE p RENAME CONSTRAINT c_new TO c;
ALTER TABLE p RENAME COLUMN a TO a_old;
ALTER TABLE p RENAME COLUMN a_new TO a;
ALTER TABLE p RENAME COLUMN b TO b_old;
ALTER TABLE p RENAME COLUMN b_new TO b;
ALTER TABLE p RENAME COLUMN d TO d_old;
ALTER TABLE p RENAME COLUMN d_new TO d;
ALTER TABLE p ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN a SET DEFAULT 3;
ALTER TABLE p ALTER COLUMN b_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN d_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN d_old DROP NOT NULL;
CREATE OR REPLACE FUNCTION p_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a;
    IF TG_OP = 'INSERT' AND given.a_old::text IS NOT NULL
        AND given.a_old::text IS DISTINCT FROM NEW.a_old::text THEN
      NEW.a_old := given.a_old;
      NEW.a := NEW.a_old;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old;
  ELSE
    NEW.b_old := NEW.b::integer;
    IF TG_OP = 'INSERT' AND given.b_old::text IS NOT NULL
        AND given.b_old::text IS DISTINCT FROM NEW.b_old::text THEN
      NEW.b_old := given.b_old;
      NEW.b := NEW.b_old;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.d_old::text IS DISTINCT FROM OLD.d_old::text
      AND NEW.d::text IS NOT DISTINCT FROM OLD.d::text THEN
    NEW.d := NEW.d_old;
  ELSE
    NEW.d_old := NEW.d;
    IF TG_OP = 'INSERT' AND given.d_old::text IS NOT NULL
        AND given.d_old::text IS DISTINCT FROM NEW.d_old::text THEN
      NEW.d_old := given.d_old;
      NEW.d := NEW.d_old;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
COMMENT ON COLUMN p.a IS 'kept';
GRANT SELECT (a) ON TABLE p TO PUBLIC;
ALTER TABLE p1 ALTER COLUMN a SET STATISTICS 100;
COMMENT ON COLUMN p1.a IS 'kept below';
CREATE VIEW v AS
 SELECT a
   FROM p;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ALTER COLUMN a_old DROP NOT NULL;
ALTER TABLE p DROP CONSTRAINT c_old;
DO $trigger$
BEGIN
  LOCK TABLE p;
  DROP TRIGGER zz_a_in_step ON p;
END
$trigger$;
DROP FUNCTION p_a_in_step();
ALTER TABLE p DROP COLUMN a_old, DROP COLUMN b_old, DROP COLUMN d_old;
RESET lock_timeout;
--- a serial column of a partitioned table, and one whose index is dropped
ALTER SEQUENCE p_a_seq AS bigint;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ADD COLUMN a_new bigint, ADD COLUMN b_new bigint;
CREATE FUNCTION p_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a;
    IF TG_OP = 'INSERT' AND given.a_new::text IS NOT NULL
        AND given.a_new::text IS DISTINCT FROM NEW.a_new::text THEN
      NEW.a_new := given.a_new;
      NEW.a := NEW.a_new;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new;
  ELSE
    NEW.b_new := NEW.b;
    IF TG_OP = 'INSERT' AND given.b_new::text IS NOT NULL
        AND given.b_new::text IS DISTINCT FROM NEW.b_new::text THEN
      NEW.b_new := given.b_new;
      NEW.b := NEW.b_new;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON p FOR EACH ROW EXECUTE FUNCTION p_a_in_step();
RESET lock_timeout;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p1') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p1 SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p1 WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p2') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p2 SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p2 WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p2 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE p ADD CONSTRAINT a_new_is_not_null CHECK (a_new IS NOT NULL) NOT VALID;
ALTER TABLE p VALIDATE CONSTRAINT a_new_is_not_null;
ALTER TABLE p ALTER COLUMN a_new SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT a_new_is_not_null;
RESET lock_timeout;

-- index dropped: queries that use i become slower
DROP INDEX i;
ALTER TABLE p RENAME COLUMN a TO a_old;
ALTER TABLE p RENAME COLUMN a_new TO a;
ALTER TABLE p RENAME COLUMN b TO b_old;
ALTER TABLE p RENAME COLUMN b_new TO b;
ALTER TABLE p ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN a SET DEFAULT nextval('p_a_seq'::regclass);
ALTER TABLE p ALTER COLUMN b_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION p_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a;
    IF TG_OP = 'INSERT' AND given.a_old::text IS NOT NULL
        AND given.a_old::text IS DISTINCT FROM NEW.a_old::text THEN
      NEW.a_old := given.a_old;
      NEW.a := NEW.a_old;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old;
  ELSE
    NEW.b_old := NEW.b;
    IF TG_OP = 'INSERT' AND given.b_old::text IS NOT NULL
        AND given.b_old::text IS DISTINCT FROM NEW.b_old::text THEN
      NEW.b_old := given.b_old;
      NEW.b := NEW.b_old;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
ALTER SEQUENCE p_a_seq OWNED BY p.a;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ALTER COLUMN a_old DROP NOT NULL;
DO $trigger$
BEGIN
  LOCK TABLE p;
  DROP TRIGGER zz_a_in_step ON p;
END
$trigger$;
DROP FUNCTION p_a_in_step();
ALTER TABLE p DROP COLUMN a_old, DROP COLUMN b_old;
RESET lock_timeout;
<=
ALTER SEQUENCE p_a_seq AS integer;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ADD COLUMN a_new integer, ADD COLUMN b_new integer;
CREATE FUNCTION p_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a;
    IF TG_OP = 'INSERT' AND given.a_new::text IS NOT NULL
        AND given.a_new::text IS DISTINCT FROM NEW.a_new::text THEN
      NEW.a_new := given.a_new;
      NEW.a := NEW.a_new;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new;
  ELSE
    NEW.b_new := NEW.b;
    IF TG_OP = 'INSERT' AND given.b_new::text IS NOT NULL
        AND given.b_new::text IS DISTINCT FROM NEW.b_new::text THEN
      NEW.b_new := given.b_new;
      NEW.b := NEW.b_new;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
-- depends on rows: fails if the rows of p.a do not fit
-- depends on rows: fails if the rows of p.b do not fit
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON p FOR EACH ROW EXECUTE FUNCTION p_a_in_step();
RESET lock_timeout;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p1') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p1 SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p1 WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p2') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p2 SET a_new = a_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p2 WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p2 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
ALTER TABLE p ADD CONSTRAINT a_new_is_not_null CHECK (a_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of p do not fit
ALTER TABLE p VALIDATE CONSTRAINT a_new_is_not_null;
ALTER TABLE p ALTER COLUMN a_new SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT a_new_is_not_null;
RESET lock_timeout;

ALTER TABLE p RENAME COLUMN a TO a_old;
ALTER TABLE p RENAME COLUMN a_new TO a;
ALTER TABLE p RENAME COLUMN b TO b_old;
ALTER TABLE p RENAME COLUMN b_new TO b;
ALTER TABLE p ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN a SET DEFAULT nextval('p_a_seq'::regclass);
ALTER TABLE p ALTER COLUMN b_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION p_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a;
    IF TG_OP = 'INSERT' AND given.a_old::text IS NOT NULL
        AND given.a_old::text IS DISTINCT FROM NEW.a_old::text THEN
      NEW.a_old := given.a_old;
      NEW.a := NEW.a_old;
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old;
  ELSE
    NEW.b_old := NEW.b;
    IF TG_OP = 'INSERT' AND given.b_old::text IS NOT NULL
        AND given.b_old::text IS DISTINCT FROM NEW.b_old::text THEN
      NEW.b_old := given.b_old;
      NEW.b := NEW.b_old;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
ALTER SEQUENCE p_a_seq OWNED BY p.a;
-- index build: building i takes time and I/O
CREATE INDEX i ON ONLY p USING btree (b);

-- Transaction: off
-- index build: building p1_b_idx takes time and I/O
CREATE INDEX CONCURRENTLY p1_b_idx ON p1 USING btree (b);

ALTER INDEX i ATTACH PARTITION p1_b_idx;

-- Transaction: off
-- index build: building p2_b_idx takes time and I/O
CREATE INDEX CONCURRENTLY p2_b_idx ON p2 USING btree (b);

ALTER INDEX i ATTACH PARTITION p2_b_idx;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ALTER COLUMN a_old DROP NOT NULL;
DO $trigger$
BEGIN
  LOCK TABLE p;
  DROP TRIGGER zz_a_in_step ON p;
END
$trigger$;
DROP FUNCTION p_a_in_step();
ALTER TABLE p DROP COLUMN a_old, DROP COLUMN b_old;
RESET lock_timeout;
--- columns of partitions that cannot be exchanged
ALTER TABLE p2 ALTER COLUMN a DROP DEFAULT;
ALTER TABLE p1 ALTER COLUMN a DROP DEFAULT;
ALTER TABLE ONLY p ALTER COLUMN a DROP DEFAULT;
-- table rewrite: p is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE p ALTER COLUMN a TYPE bigint;
-- table rewrite: p is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE p ALTER COLUMN b TYPE bigint;
-- table rewrite: p is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE p ALTER COLUMN c TYPE bigint;
-- table rewrite: p is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE p ALTER COLUMN d TYPE bigint;
ALTER TABLE ONLY p ALTER COLUMN a SET DEFAULT 3;
ALTER TABLE p1 ALTER COLUMN a SET DEFAULT 3;
ALTER TABLE p2 ALTER COLUMN a SET DEFAULT 9;
-- table rewrite: q is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE q ALTER COLUMN a TYPE bigint;
-- table rewrite: r is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE r ALTER COLUMN a TYPE bigint;
CREATE TABLE r1 PARTITION OF r FOR VALUES IN (1);
<=
-- Unanswered: data loss: deletes the data of table r1
DROP TABLE r1;
ALTER TABLE p2 ALTER COLUMN a DROP DEFAULT;
ALTER TABLE p1 ALTER COLUMN a DROP DEFAULT;
ALTER TABLE ONLY p ALTER COLUMN a DROP DEFAULT;
-- depends on rows: fails if the rows of p.a do not fit
-- table rewrite: p is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE p ALTER COLUMN a TYPE integer;
-- depends on rows: fails if the rows of p.b do not fit
-- table rewrite: p is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE p ALTER COLUMN b TYPE integer;
-- depends on rows: fails if the rows of p.c do not fit
-- table rewrite: p is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE p ALTER COLUMN c TYPE integer;
-- depends on rows: fails if the rows of p.d do not fit
-- table rewrite: p is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE p ALTER COLUMN d TYPE integer;
ALTER TABLE ONLY p ALTER COLUMN a SET DEFAULT 3;
ALTER TABLE p1 ALTER COLUMN a SET DEFAULT 3;
ALTER TABLE p2 ALTER COLUMN a SET DEFAULT 9;
-- depends on rows: fails if the rows of q.a do not fit
-- table rewrite: q is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE q ALTER COLUMN a TYPE integer;
-- depends on rows: fails if the rows of r.a do not fit
-- table rewrite: r is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE r ALTER COLUMN a TYPE integer;
--- a column of a partitioned table with a check that is not valid, and is so in the partition
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ADD COLUMN b_new text;
CREATE FUNCTION p_b_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new::integer;
  ELSE
    NEW.b_new := NEW.b;
    IF TG_OP = 'INSERT' AND given.b_new::text IS NOT NULL
        AND given.b_new::text IS DISTINCT FROM NEW.b_new::text THEN
      NEW.b_new := given.b_new;
      NEW.b := NEW.b_new::integer;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
CREATE TRIGGER zz_b_in_step BEFORE INSERT OR UPDATE ON p FOR EACH ROW EXECUTE FUNCTION p_b_in_step();
RESET lock_timeout;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p1') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p1 SET b_new = b_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND b_new IS NULL AND b IS NOT NULL;
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p1 WHERE b_new IS NULL AND b IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE p DROP CONSTRAINT some_check;
ALTER TABLE p RENAME COLUMN b TO b_old;
ALTER TABLE p RENAME COLUMN b_new TO b;
ALTER TABLE p ALTER COLUMN b_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION p_b_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old;
  ELSE
    NEW.b_old := NEW.b::integer;
    IF TG_OP = 'INSERT' AND given.b_old::text IS NOT NULL
        AND given.b_old::text IS DISTINCT FROM NEW.b_old::text THEN
      NEW.b_old := given.b_old;
      NEW.b := NEW.b_old;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
ALTER TABLE p ADD CONSTRAINT some_check CHECK (length(b) > 0) NOT VALID;

-- depends on rows: fails if the rows of p do not fit
ALTER TABLE p VALIDATE CONSTRAINT some_check;

-- Transaction: off
SET lock_timeout = '5s';
DO $trigger$
BEGIN
  LOCK TABLE p;
  DROP TRIGGER zz_b_in_step ON p;
END
$trigger$;
DROP FUNCTION p_b_in_step();
ALTER TABLE p DROP COLUMN b_old;
RESET lock_timeout;
<=
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ADD COLUMN b_new integer;
CREATE FUNCTION p_b_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new;
  ELSE
    NEW.b_new := NEW.b::integer;
    IF TG_OP = 'INSERT' AND given.b_new::text IS NOT NULL
        AND given.b_new::text IS DISTINCT FROM NEW.b_new::text THEN
      NEW.b_new := given.b_new;
      NEW.b := NEW.b_new;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: p.b is converted by a cast that may fail or lose something
CREATE TRIGGER zz_b_in_step BEFORE INSERT OR UPDATE ON p FOR EACH ROW EXECUTE FUNCTION p_b_in_step();
RESET lock_timeout;
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p1') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p1 SET b_new = b_new
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND b_new IS NULL AND b IS NOT NULL;
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p1 WHERE b_new IS NULL AND b IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE p DROP CONSTRAINT some_check;
ALTER TABLE p RENAME COLUMN b TO b_old;
ALTER TABLE p RENAME COLUMN b_new TO b;
ALTER TABLE p ALTER COLUMN b_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION p_b_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
DECLARE
  given record := NEW;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old::integer;
  ELSE
    NEW.b_old := NEW.b;
    IF TG_OP = 'INSERT' AND given.b_old::text IS NOT NULL
        AND given.b_old::text IS DISTINCT FROM NEW.b_old::text THEN
      NEW.b_old := given.b_old;
      NEW.b := NEW.b_old::integer;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;
ALTER TABLE p ADD CONSTRAINT some_check CHECK (b > 0) NOT VALID;

-- depends on rows: fails if the rows of p1 do not fit
ALTER TABLE p1 VALIDATE CONSTRAINT some_check;

-- Transaction: off
SET lock_timeout = '5s';
DO $trigger$
BEGIN
  LOCK TABLE p;
  DROP TRIGGER zz_b_in_step ON p;
END
$trigger$;
DROP FUNCTION p_b_in_step();
ALTER TABLE p DROP COLUMN b_old;
RESET lock_timeout;
