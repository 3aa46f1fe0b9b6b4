--- another collation with the same name
DROP VIEW v;
-- index dropped: queries that use t_a become slower
DROP INDEX t_a;
ALTER TABLE t DROP CONSTRAINT t_c_check;
ALTER COLLATION german RENAME TO german__old;
CREATE COLLATION german (PROVIDER = icu, LOCALE = 'de-u-co-phonebk');
ALTER DOMAIN label RENAME TO label__old;
CREATE DOMAIN label AS text COLLATE german;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE text COLLATE german;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN b TYPE character varying(9) COLLATE german;
-- depends on rows: fails if the rows of t.d do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN d TYPE label USING d::text::label;
DROP DOMAIN label__old;
DROP COLLATION german__old;
ALTER TABLE t ADD CONSTRAINT t_c_check CHECK ((c COLLATE german) < 'b'::text) NOT VALID;
CREATE VIEW v AS
 SELECT a
   FROM t;

-- Transaction: off
-- index build: building t_a takes time and I/O
CREATE INDEX CONCURRENTLY t_a ON t USING btree (a);

-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT t_c_check;
<=
DROP VIEW v;
-- index dropped: queries that use t_a become slower
DROP INDEX t_a;
ALTER TABLE t DROP CONSTRAINT t_c_check;
ALTER COLLATION german RENAME TO german__old;
CREATE COLLATION german (PROVIDER = icu, LOCALE = 'de');
ALTER DOMAIN label RENAME TO label__old;
CREATE DOMAIN label AS text COLLATE german;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE text COLLATE german;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN b TYPE character varying(9) COLLATE german;
-- depends on rows: fails if the rows of t.d do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN d TYPE label USING d::text::label;
DROP DOMAIN label__old;
DROP COLLATION german__old;
ALTER TABLE t ADD CONSTRAINT t_c_check CHECK ((c COLLATE german) < 'b'::text) NOT VALID;
CREATE VIEW v AS
 SELECT a
   FROM t;

-- Transaction: off
-- index build: building t_a takes time and I/O
CREATE INDEX CONCURRENTLY t_a ON t USING btree (a);

-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT t_c_check;
--- another base of a domain and another type of an attribute
ALTER TABLE t ALTER COLUMN b DROP DEFAULT;
ALTER DOMAIN amount RENAME TO amount__old;
CREATE DOMAIN amount AS bigint
  CONSTRAINT amount_check CHECK (VALUE > 0);
ALTER TYPE pair RENAME TO pair__old;
CREATE TYPE pair AS (
  a bigint,
  b text
);
-- depends on rows: fails if the rows of t.a do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE amount USING a::text::amount;
-- depends on rows: fails if the rows of t.b do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN b TYPE amount USING b::text::amount;
DROP DOMAIN amount__old;
-- depends on rows: fails if the rows of t.c do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN c TYPE pair USING c::text::pair;
-- depends on rows: fails if the rows of t.d do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN d TYPE pair[] USING d::text[]::pair[];
DROP TYPE pair__old;
ALTER TABLE t ALTER COLUMN b SET DEFAULT 3;
<=
ALTER TABLE t ALTER COLUMN b DROP DEFAULT;
ALTER DOMAIN amount RENAME TO amount__old;
CREATE DOMAIN amount AS integer
  CONSTRAINT amount_check CHECK (VALUE > 0);
ALTER TYPE pair RENAME TO pair__old;
CREATE TYPE pair AS (
  a integer,
  b text
);
-- depends on rows: fails if the rows of t.a do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE amount USING a::text::amount;
-- depends on rows: fails if the rows of t.b do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN b TYPE amount USING b::text::amount;
DROP DOMAIN amount__old;
-- depends on rows: fails if the rows of t.c do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN c TYPE pair USING c::text::pair;
-- depends on rows: fails if the rows of t.d do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN d TYPE pair[] USING d::text[]::pair[];
DROP TYPE pair__old;
ALTER TABLE t ALTER COLUMN b SET DEFAULT 3;
--- other attributes of a composite type that columns have are refused
-- refused: cannot change the attributes of the columns' type of TYPE pair without a new one: write that revision by hand
--- a domain over an enum whose labels change
ALTER DOMAIN feeling RENAME TO feeling__old;
ALTER TYPE mood RENAME TO mood__old;
CREATE TYPE mood AS ENUM (
  'b',
  'a'
);
CREATE DOMAIN feeling AS mood
  CONSTRAINT feeling_check CHECK (VALUE <> 'b'::mood);
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE mood USING a::text::mood;
-- depends on rows: fails if the rows of t.b do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN b TYPE feeling USING b::text::feeling;
DROP DOMAIN feeling__old;
DROP TYPE mood__old;
<=
ALTER DOMAIN feeling RENAME TO feeling__old;
ALTER TYPE mood RENAME TO mood__old;
CREATE TYPE mood AS ENUM (
  'a',
  'b'
);
CREATE DOMAIN feeling AS mood
  CONSTRAINT feeling_check CHECK (VALUE <> 'b'::mood);
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE mood USING a::text::mood;
-- depends on rows: fails if the rows of t.b do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN b TYPE feeling USING b::text::feeling;
DROP DOMAIN feeling__old;
DROP TYPE mood__old;
--- a column becomes one of a domain with constraints
-- depends on rows: fails if the rows of t.a do not fit
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE amount;
<=
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ALTER COLUMN a TYPE bigint;
--- an attribute of a domain with constraints
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TYPE pair ADD ATTRIBUTE b amount CASCADE;
<=
-- Unanswered: data loss: deletes the data of columns of t
ALTER TYPE pair DROP ATTRIBUTE b CASCADE;
--- the type of a partition key is refused
-- refused: cannot change the type of a column of the partition key of TABLE p without a new one: write that revision by hand
--- a table whose row type a column has is refused
-- refused: cannot change TABLE t: PostgreSQL rewrites no table whose row type a column has: write that revision by hand
--- a table whose row type a column has in an array is refused
-- refused: cannot change TABLE t: PostgreSQL rewrites no table whose row type a column has: write that revision by hand
--- a table whose row type a column has in a domain and a composite type is refused
-- refused: cannot change TABLE t: PostgreSQL rewrites no table whose row type a column has: write that revision by hand
--- a table with a partition whose row type a column has is refused
-- refused: cannot change TABLE t: PostgreSQL rewrites no table whose row type a column has: write that revision by hand
--- columns of parents accept NULL, those of children do not
ALTER TABLE p ALTER COLUMN k DROP NOT NULL;
ALTER TABLE p ALTER COLUMN a DROP NOT NULL;
ALTER TABLE p1 ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;
ALTER TABLE p1 ADD CONSTRAINT k_is_not_null CHECK (k IS NOT NULL) NOT VALID;
ALTER TABLE parent ALTER COLUMN id DROP NOT NULL;
ALTER TABLE parent ALTER COLUMN a DROP NOT NULL;
ALTER TABLE child ADD CONSTRAINT a_is_not_null CHECK (a IS NOT NULL) NOT VALID;

ALTER TABLE child VALIDATE CONSTRAINT a_is_not_null;
-- depends on rows: fails if the rows of p1.id do not fit
ALTER TABLE p1 VALIDATE CONSTRAINT id_is_not_null;
ALTER TABLE p1 VALIDATE CONSTRAINT k_is_not_null;
ALTER TABLE child ALTER COLUMN a SET NOT NULL;
ALTER TABLE child DROP CONSTRAINT a_is_not_null;
ALTER TABLE p1 ALTER COLUMN id SET NOT NULL;
ALTER TABLE p1 DROP CONSTRAINT id_is_not_null;
ALTER TABLE p1 ALTER COLUMN k SET NOT NULL;
ALTER TABLE p1 DROP CONSTRAINT k_is_not_null;

-- Transaction: off
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building p1_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p1_pkey ON p1 USING btree (k, id);

ALTER TABLE p1 ADD CONSTRAINT p1_pkey PRIMARY KEY USING INDEX p1_pkey;
<=
-- index dropped: queries that use p1_pkey become slower
ALTER TABLE p1 DROP CONSTRAINT p1_pkey;
ALTER TABLE p ADD CONSTRAINT k_is_not_null CHECK (k IS NOT NULL) NOT VALID;
ALTER TABLE p ADD CONSTRAINT a_is_not_null CHECK (a IS NOT NULL) NOT VALID;
ALTER TABLE p1 ALTER COLUMN id DROP NOT NULL;
ALTER TABLE parent ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;
ALTER TABLE parent ADD CONSTRAINT a_is_not_null CHECK (a IS NOT NULL) NOT VALID;

-- depends on rows: fails if the rows of p.k do not fit
ALTER TABLE p VALIDATE CONSTRAINT k_is_not_null;
-- depends on rows: fails if the rows of p.a do not fit
ALTER TABLE p VALIDATE CONSTRAINT a_is_not_null;
-- depends on rows: fails if the rows of parent.id do not fit
ALTER TABLE parent VALIDATE CONSTRAINT id_is_not_null;
-- depends on rows: fails if the rows of parent.a do not fit
ALTER TABLE parent VALIDATE CONSTRAINT a_is_not_null;
ALTER TABLE p ALTER COLUMN k SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT k_is_not_null;
ALTER TABLE p ALTER COLUMN a SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT a_is_not_null;
ALTER TABLE parent ALTER COLUMN id SET NOT NULL;
ALTER TABLE parent DROP CONSTRAINT id_is_not_null;
ALTER TABLE parent ALTER COLUMN a SET NOT NULL;
ALTER TABLE parent DROP CONSTRAINT a_is_not_null;
--- a parent of a table with a primary key is refused
-- refused: cannot change TABLE p1: a column of its parent can't accept NULL while it is in the primary key here: write that revision by hand
--- other members of an extension are refused
-- refused: cannot change EXTENSION hstore: it has other members, by ALTER EXTENSION … ADD or DROP: write that revision by hand
--- an identity column with a sequence of another type
ALTER TABLE u ALTER COLUMN id SET MAXVALUE 2147483647;
ALTER SEQUENCE u_id_seq AS bigint MINVALUE 1 MAXVALUE 2147483647;
CREATE TABLE v (
  id integer GENERATED ALWAYS AS IDENTITY (MAXVALUE 2147483647)
);
ALTER SEQUENCE v_id_seq AS bigint MINVALUE 1 MAXVALUE 2147483647;
<=
-- Unanswered: data loss: deletes the data of table v
DROP TABLE v;
ALTER SEQUENCE u_id_seq AS integer MINVALUE 1 MAXVALUE 2147483647;
--- default privileges of the owner with the grant option
-- authorization change: who may use objects that are created from now on changes
ALTER DEFAULT PRIVILEGES REVOKE SELECT, UPDATE, USAGE ON SEQUENCES FROM postgres;
ALTER DEFAULT PRIVILEGES GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO postgres WITH GRANT OPTION;
<=
-- authorization change: who may use objects that are created from now on changes
ALTER DEFAULT PRIVILEGES REVOKE SELECT, UPDATE, USAGE ON SEQUENCES FROM postgres;
ALTER DEFAULT PRIVILEGES GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO postgres;
--- foreign keys that refer to a partitioned table
ALTER TABLE changed DROP CONSTRAINT changed_a_fkey;
ALTER TABLE changed ADD CONSTRAINT changed_a_fkey FOREIGN KEY (a) REFERENCES p(id) ON DELETE CASCADE NOT VALID;
ALTER TABLE q1 ADD CONSTRAINT q_a_fkey FOREIGN KEY (a) REFERENCES p(id) NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_a_fkey FOREIGN KEY (a) REFERENCES p(id) NOT VALID;
COMMENT ON CONSTRAINT t_a_fkey ON t IS 'new';

-- depends on rows: fails if the rows of changed do not fit
ALTER TABLE changed VALIDATE CONSTRAINT changed_a_fkey;
-- depends on rows: fails if the rows of invalid do not fit
ALTER TABLE invalid VALIDATE CONSTRAINT f;
-- depends on rows: fails if the rows of q1 do not fit
ALTER TABLE q1 VALIDATE CONSTRAINT q_a_fkey;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT t_a_fkey;
ALTER TABLE q ADD CONSTRAINT q_a_fkey FOREIGN KEY (a) REFERENCES p(id);
<=
ALTER TABLE t DROP CONSTRAINT t_a_fkey;
ALTER TABLE q DROP CONSTRAINT q_a_fkey;
ALTER TABLE invalid DROP CONSTRAINT f;
ALTER TABLE changed DROP CONSTRAINT changed_a_fkey;
ALTER TABLE changed ADD CONSTRAINT changed_a_fkey FOREIGN KEY (a) REFERENCES p(id) NOT VALID;
ALTER TABLE invalid ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p(id) NOT VALID;

-- depends on rows: fails if the rows of changed do not fit
ALTER TABLE changed VALIDATE CONSTRAINT changed_a_fkey;
--- a wider type of a column in the indexes of partitions
ALTER TABLE p ALTER COLUMN d TYPE character varying(20);

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ADD COLUMN a_new character varying(20), ADD COLUMN b_new character varying(20), ADD COLUMN c_new character varying(20);
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
  IF TG_OP = 'UPDATE' AND NEW.c_new::text IS DISTINCT FROM OLD.c_new::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_new;
  ELSE
    NEW.c_new := NEW.c;
    IF TG_OP = 'INSERT' AND given.c_new::text IS NOT NULL
        AND given.c_new::text IS DISTINCT FROM NEW.c_new::text THEN
      NEW.c_new := given.c_new;
      NEW.c := NEW.c_new;
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
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p1 WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
CREATE INDEX p_a_idx_new ON ONLY p USING btree (a_new);
RESET lock_timeout;
CREATE INDEX CONCURRENTLY p1_a_idx_new ON p1 USING btree (a_new);
SET lock_timeout = '5s';
ALTER INDEX p_a_idx_new ATTACH PARTITION p1_a_idx_new;
RESET lock_timeout;
SET lock_timeout = '5s';
CREATE INDEX p_lower_idx_new ON ONLY p USING btree (lower(b_new::text));
RESET lock_timeout;
CREATE INDEX CONCURRENTLY p1_lower_idx_new ON p1 USING btree (lower(b_new::text));
SET lock_timeout = '5s';
ALTER INDEX p_lower_idx_new ATTACH PARTITION p1_lower_idx_new;
RESET lock_timeout;
SET lock_timeout = '5s';
CREATE UNIQUE INDEX p_id_c_key_new ON ONLY p USING btree (id, c_new);
RESET lock_timeout;
CREATE UNIQUE INDEX CONCURRENTLY p1_id_c_key_new ON p1 USING btree (id, c_new);
SET lock_timeout = '5s';
ALTER INDEX p_id_c_key_new ATTACH PARTITION p1_id_c_key_new;
RESET lock_timeout;

ALTER INDEX p_a_idx RENAME TO p_a_idx_old;
ALTER INDEX p_a_idx_new RENAME TO p_a_idx;
ALTER INDEX p1_a_idx RENAME TO p1_a_idx_old;
ALTER INDEX p1_a_idx_new RENAME TO p1_a_idx;
ALTER INDEX p_lower_idx RENAME TO p_lower_idx_old;
ALTER INDEX p_lower_idx_new RENAME TO p_lower_idx;
ALTER INDEX p1_lower_idx RENAME TO p1_lower_idx_old;
ALTER INDEX p1_lower_idx_new RENAME TO p1_lower_idx;
ALTER TABLE p RENAME COLUMN a TO a_old;
ALTER TABLE p RENAME COLUMN a_new TO a;
ALTER TABLE p RENAME COLUMN b TO b_old;
ALTER TABLE p RENAME COLUMN b_new TO b;
ALTER TABLE p RENAME COLUMN c TO c_old;
ALTER TABLE p RENAME COLUMN c_new TO c;
ALTER TABLE p ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN b_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN c_old DROP DEFAULT;
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
  IF TG_OP = 'UPDATE' AND NEW.c_old::text IS DISTINCT FROM OLD.c_old::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_old;
  ELSE
    NEW.c_old := NEW.c;
    IF TG_OP = 'INSERT' AND given.c_old::text IS NOT NULL
        AND given.c_old::text IS DISTINCT FROM NEW.c_old::text THEN
      NEW.c_old := given.c_old;
      NEW.c := NEW.c_old;
    END IF;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
CREATE UNIQUE INDEX CONCURRENTLY p1_id_c_key_moved ON p1 USING btree (id, c);
SET lock_timeout = '5s';
DO $key$
BEGIN
  ALTER TABLE p DROP CONSTRAINT p_id_c_key;
  DROP INDEX p_id_c_key_new;
  ALTER TABLE p1 ADD CONSTRAINT p1_id_c_key UNIQUE USING INDEX p1_id_c_key_moved;
  ALTER TABLE p ADD CONSTRAINT p_id_c_key UNIQUE (id, c);
END
$key$;
DO $trigger$
BEGIN
  LOCK TABLE p;
  DROP TRIGGER zz_a_in_step ON p;
END
$trigger$;
DROP FUNCTION p_a_in_step();
ALTER TABLE p DROP COLUMN a_old, DROP COLUMN b_old, DROP COLUMN c_old;
RESET lock_timeout;
<=
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE p ADD COLUMN a_new character varying(10), ADD COLUMN b_new character varying(10), ADD COLUMN c_new character varying(10), ADD COLUMN d_new character varying(10);
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
  IF TG_OP = 'UPDATE' AND NEW.c_new::text IS DISTINCT FROM OLD.c_new::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_new;
  ELSE
    NEW.c_new := NEW.c;
    IF TG_OP = 'INSERT' AND given.c_new::text IS NOT NULL
        AND given.c_new::text IS DISTINCT FROM NEW.c_new::text THEN
      NEW.c_new := given.c_new;
      NEW.c := NEW.c_new;
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
-- depends on rows: fails if the rows of p.b do not fit
-- depends on rows: fails if the rows of p.c do not fit
-- depends on rows: fails if the rows of p.d do not fit
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
        AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM p1 WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of p1 still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
SET lock_timeout = '5s';
CREATE INDEX p_a_idx_new ON ONLY p USING btree (a_new);
RESET lock_timeout;
CREATE INDEX CONCURRENTLY p1_a_idx_new ON p1 USING btree (a_new);
SET lock_timeout = '5s';
ALTER INDEX p_a_idx_new ATTACH PARTITION p1_a_idx_new;
RESET lock_timeout;
SET lock_timeout = '5s';
CREATE INDEX p_lower_idx_new ON ONLY p USING btree (lower(b_new::text));
RESET lock_timeout;
CREATE INDEX CONCURRENTLY p1_lower_idx_new ON p1 USING btree (lower(b_new::text));
SET lock_timeout = '5s';
ALTER INDEX p_lower_idx_new ATTACH PARTITION p1_lower_idx_new;
RESET lock_timeout;
SET lock_timeout = '5s';
CREATE UNIQUE INDEX p_id_c_key_new ON ONLY p USING btree (id, c_new);
RESET lock_timeout;
-- depends on rows: fails if the rows of p do not fit
CREATE UNIQUE INDEX CONCURRENTLY p1_id_c_key_new ON p1 USING btree (id, c_new);
SET lock_timeout = '5s';
ALTER INDEX p_id_c_key_new ATTACH PARTITION p1_id_c_key_new;
RESET lock_timeout;

ALTER INDEX p_a_idx RENAME TO p_a_idx_old;
ALTER INDEX p_a_idx_new RENAME TO p_a_idx;
ALTER INDEX p1_a_idx RENAME TO p1_a_idx_old;
ALTER INDEX p1_a_idx_new RENAME TO p1_a_idx;
ALTER INDEX p_lower_idx RENAME TO p_lower_idx_old;
ALTER INDEX p_lower_idx_new RENAME TO p_lower_idx;
ALTER INDEX p1_lower_idx RENAME TO p1_lower_idx_old;
ALTER INDEX p1_lower_idx_new RENAME TO p1_lower_idx;
ALTER TABLE p RENAME COLUMN a TO a_old;
ALTER TABLE p RENAME COLUMN a_new TO a;
ALTER TABLE p RENAME COLUMN b TO b_old;
ALTER TABLE p RENAME COLUMN b_new TO b;
ALTER TABLE p RENAME COLUMN c TO c_old;
ALTER TABLE p RENAME COLUMN c_new TO c;
ALTER TABLE p RENAME COLUMN d TO d_old;
ALTER TABLE p RENAME COLUMN d_new TO d;
ALTER TABLE p ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN b_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN c_old DROP DEFAULT;
ALTER TABLE p ALTER COLUMN d_old DROP DEFAULT;
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
  IF TG_OP = 'UPDATE' AND NEW.c_old::text IS DISTINCT FROM OLD.c_old::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_old;
  ELSE
    NEW.c_old := NEW.c;
    IF TG_OP = 'INSERT' AND given.c_old::text IS NOT NULL
        AND given.c_old::text IS DISTINCT FROM NEW.c_old::text THEN
      NEW.c_old := given.c_old;
      NEW.c := NEW.c_old;
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

-- Transaction: off
CREATE UNIQUE INDEX CONCURRENTLY p1_id_c_key_moved ON p1 USING btree (id, c);
SET lock_timeout = '5s';
DO $key$
BEGIN
  ALTER TABLE p DROP CONSTRAINT p_id_c_key;
  DROP INDEX p_id_c_key_new;
  ALTER TABLE p1 ADD CONSTRAINT p1_id_c_key UNIQUE USING INDEX p1_id_c_key_moved;
  ALTER TABLE p ADD CONSTRAINT p_id_c_key UNIQUE (id, c);
END
$key$;
DO $trigger$
BEGIN
  LOCK TABLE p;
  DROP TRIGGER zz_a_in_step ON p;
END
$trigger$;
DROP FUNCTION p_a_in_step();
ALTER TABLE p DROP COLUMN a_old, DROP COLUMN b_old, DROP COLUMN c_old, DROP COLUMN d_old;
RESET lock_timeout;
--- conditions with BETWEEN, which PostgreSQL reads in two ways
ALTER TABLE t ADD COLUMN c boolean DEFAULT (1 >= 0 AND 1 <= 2 AND true);
ALTER TABLE t ADD CONSTRAINT c CHECK (a >= 1 AND a <= 5 AND b > 0) NOT VALID;
CREATE RULE r AS
    ON DELETE TO t
   WHERE old.a >= 1 AND old.a <= 5 AND old.b > 0 DO INSTEAD NOTHING;
CREATE TRIGGER t BEFORE UPDATE ON t FOR EACH ROW WHEN (new.a >= 1 AND new.a <= 5 AND new.b > 0) EXECUTE FUNCTION f();
-- authorization change: who may use t changes
CREATE POLICY p ON t USING (a >= 1 AND a <= 5 AND b > 0) WITH CHECK (a >= 2 AND a <= 5 AND b > 0);
CREATE VIEW v AS
 SELECT a,
    b,
    c
   FROM t
  WHERE a >= 1 AND a <= 5 AND b > 0;

-- Transaction: off
-- index build: building i takes time and I/O
CREATE INDEX CONCURRENTLY i ON t USING btree (b) WHERE a >= 1 AND a <= 5 AND b > 0;
-- index build: building j takes time and I/O
CREATE INDEX CONCURRENTLY j ON t USING btree ((a >= 1 AND a <= 5 AND b > 0));

-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT c;
CREATE PUBLICATION pub FOR TABLE t WHERE (a >= 1 AND a <= 5 AND b > 0) WITH (publish = 'insert');
<=
DROP PUBLICATION pub;
DROP VIEW v;
-- authorization change: who may use t changes
DROP POLICY p ON t;
DROP TRIGGER t ON t;
DROP RULE r ON t;
-- index dropped: queries that use j become slower
DROP INDEX j;
-- index dropped: queries that use i become slower
DROP INDEX i;
ALTER TABLE t DROP CONSTRAINT c;
-- Unanswered: data loss: deletes the data of column t.c
ALTER TABLE t DROP COLUMN c;
--- defaults that need parentheses in a definition
CREATE DOMAIN d AS boolean DEFAULT (true AND NOT false);
ALTER TABLE t ADD COLUMN b boolean DEFAULT (1 = ANY (ARRAY[1, 2]));
ALTER TABLE t ADD COLUMN c boolean DEFAULT (NULL::integer IS NULL);
ALTER TABLE t ADD COLUMN d text DEFAULT ('x'::text COLLATE "C");
ALTER TABLE t ADD COLUMN e timestamp without time zone DEFAULT (now() AT TIME ZONE 'utc'::text);
ALTER TABLE t ADD COLUMN f text DEFAULT ('R AND D'::text);
CREATE TABLE u (
  b boolean DEFAULT ('x'::text ~~ 'y'::text OR false) NOT NULL,
  c integer DEFAULT 1 + 2
);
<=
-- Unanswered: data loss: deletes the data of table u
DROP TABLE u;
-- Unanswered: data loss: deletes the data of column t.f
ALTER TABLE t DROP COLUMN f;
-- Unanswered: data loss: deletes the data of column t.e
ALTER TABLE t DROP COLUMN e;
-- Unanswered: data loss: deletes the data of column t.d
ALTER TABLE t DROP COLUMN d;
-- Unanswered: data loss: deletes the data of column t.c
ALTER TABLE t DROP COLUMN c;
-- Unanswered: data loss: deletes the data of column t.b
ALTER TABLE t DROP COLUMN b;
DROP DOMAIN d;
