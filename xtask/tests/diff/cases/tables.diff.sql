--- a table with everything that belongs to it
CREATE TABLE account (
  id bigint GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  state text DEFAULT 'new'::text,
  CONSTRAINT account_pkey PRIMARY KEY (id),
  CONSTRAINT account_name_key UNIQUE (name),
  CONSTRAINT account_state_check CHECK (state <> ''::text)
);
COMMENT ON TABLE account IS 'who pays';
COMMENT ON COLUMN account.name IS 'of the person';
CREATE INDEX account_state ON account USING btree (state) WHERE state <> 'gone'::text;
CREATE SEQUENCE bill_id_seq;
CREATE TABLE bill (
  id bigint DEFAULT nextval('bill_id_seq'::regclass) NOT NULL,
  account_id bigint NOT NULL,
  due date,
  CONSTRAINT bill_pkey PRIMARY KEY (id)
);
ALTER SEQUENCE bill_id_seq OWNED BY bill.id;
ALTER TABLE bill ADD CONSTRAINT bill_account_id_fkey FOREIGN KEY (account_id) REFERENCES account(id) ON DELETE CASCADE;
<=
-- Unanswered: data loss: deletes the data of table bill
DROP TABLE bill;
-- Unanswered: data loss: deletes the data of table account
DROP TABLE account;
--- columns are added, changed and dropped
-- Unanswered: data loss: deletes the data of column account.gone
ALTER TABLE account DROP COLUMN gone;
ALTER TABLE account ADD CONSTRAINT a_is_not_null CHECK (a IS NOT NULL) NOT VALID;
ALTER TABLE account ALTER COLUMN c TYPE character varying(20);
ALTER TABLE account ADD COLUMN added date DEFAULT '2026-01-01'::date;
ALTER TABLE account ALTER COLUMN b SET DEFAULT 2;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE account ADD COLUMN id_new bigint;
CREATE FUNCTION account_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
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
CREATE TRIGGER zz_id_in_step BEFORE INSERT OR UPDATE ON account FOR EACH ROW EXECUTE FUNCTION account_id_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('account') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE account SET id_new = id_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id_new IS NULL AND id IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM account WHERE id_new IS NULL AND id IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of account still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
CREATE UNIQUE INDEX CONCURRENTLY account_pkey_new ON account USING btree (id_new);
SET lock_timeout = '5s';
ALTER TABLE account ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
ALTER TABLE account VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE account ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE account DROP CONSTRAINT id_new_is_not_null;
RESET lock_timeout;

-- depends on rows: fails if the rows of account.a do not fit
ALTER TABLE account VALIDATE CONSTRAINT a_is_not_null;
ALTER TABLE account ALTER COLUMN a SET NOT NULL;
ALTER TABLE account DROP CONSTRAINT a_is_not_null;

ALTER TABLE account RENAME COLUMN id TO id_old;
ALTER TABLE account RENAME COLUMN id_new TO id;
ALTER TABLE account ALTER COLUMN id_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION account_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
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
ALTER TABLE account DROP CONSTRAINT account_pkey, ADD CONSTRAINT account_pkey PRIMARY KEY USING INDEX account_pkey_new;
ALTER TABLE account ALTER COLUMN id_old DROP NOT NULL;
DROP TRIGGER zz_id_in_step ON account;
DROP FUNCTION account_id_in_step();
ALTER TABLE account DROP COLUMN id_old;
RESET lock_timeout;
<=
-- Unanswered: data loss: deletes the data of column account.added
ALTER TABLE account DROP COLUMN added;
ALTER TABLE account ALTER COLUMN a DROP NOT NULL;
ALTER TABLE account ADD COLUMN gone text;
ALTER TABLE account ALTER COLUMN b SET DEFAULT 1;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE account ADD COLUMN id_new integer, ADD COLUMN c_new character varying(10);
CREATE FUNCTION account_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_new::text IS DISTINCT FROM OLD.id_new::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_new;
  ELSE
    NEW.id_new := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_new::text IS DISTINCT FROM OLD.c_new::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_new;
  ELSE
    NEW.c_new := NEW.c;
  END IF;
  RETURN NEW;
END
$in_step$;
-- depends on rows: fails if the rows of account.id do not fit
-- depends on rows: fails if the rows of account.c do not fit
CREATE TRIGGER zz_id_in_step BEFORE INSERT OR UPDATE ON account FOR EACH ROW EXECUTE FUNCTION account_id_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('account') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE account SET id_new = id_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (id_new IS NULL AND id IS NOT NULL OR c_new IS NULL AND c IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM account WHERE (id_new IS NULL AND id IS NOT NULL OR c_new IS NULL AND c IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of account still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;
-- depends on rows: fails if the rows of account do not fit
CREATE UNIQUE INDEX CONCURRENTLY account_pkey_new ON account USING btree (id_new);
SET lock_timeout = '5s';
ALTER TABLE account ADD CONSTRAINT id_new_is_not_null CHECK (id_new IS NOT NULL) NOT VALID;
-- depends on rows: fails if the rows of account do not fit
ALTER TABLE account VALIDATE CONSTRAINT id_new_is_not_null;
ALTER TABLE account ALTER COLUMN id_new SET NOT NULL;
ALTER TABLE account DROP CONSTRAINT id_new_is_not_null;
RESET lock_timeout;

ALTER TABLE account RENAME COLUMN id TO id_old;
ALTER TABLE account RENAME COLUMN id_new TO id;
ALTER TABLE account RENAME COLUMN c TO c_old;
ALTER TABLE account RENAME COLUMN c_new TO c;
ALTER TABLE account ALTER COLUMN id_old DROP DEFAULT;
ALTER TABLE account ALTER COLUMN c_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION account_id_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.id_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.id_old::text IS DISTINCT FROM OLD.id_old::text
      AND NEW.id::text IS NOT DISTINCT FROM OLD.id::text THEN
    NEW.id := NEW.id_old;
  ELSE
    NEW.id_old := NEW.id;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_old::text IS DISTINCT FROM OLD.c_old::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_old;
  ELSE
    NEW.c_old := NEW.c;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE account DROP CONSTRAINT account_pkey, ADD CONSTRAINT account_pkey PRIMARY KEY USING INDEX account_pkey_new;
ALTER TABLE account ALTER COLUMN id_old DROP NOT NULL;
DROP TRIGGER zz_id_in_step ON account;
DROP FUNCTION account_id_in_step();
ALTER TABLE account DROP COLUMN id_old, DROP COLUMN c_old;
RESET lock_timeout;
--- columns are changed in the short form offline
-- depends on rows: fails if the rows of account.a do not fit
ALTER TABLE account ALTER COLUMN a SET NOT NULL;
-- depends on rows: fails if the rows of account do not fit
-- blocking lock: account is scanned while writes are blocked
ALTER TABLE account ADD CONSTRAINT filled CHECK (a <> ''::text);
-- index build: building account_a takes time and I/O
-- blocking lock: account is scanned while writes are blocked
CREATE INDEX account_a ON account USING btree (a);
<=
-- index dropped: queries that use account_a become slower
DROP INDEX account_a;
ALTER TABLE account DROP CONSTRAINT filled;
ALTER TABLE account ALTER COLUMN a DROP NOT NULL;
--- types that need a cast
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN a_new integer, ADD COLUMN b_new integer, ADD COLUMN c_new text, ADD COLUMN d_new date;
CREATE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new;
  ELSE
    NEW.a_new := NEW.a::integer;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new;
  ELSE
    NEW.b_new := NEW.b::integer;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_new::text IS DISTINCT FROM OLD.c_new::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_new::jsonb;
  ELSE
    NEW.c_new := NEW.c;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.d_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.d_new::text IS DISTINCT FROM OLD.d_new::text
      AND NEW.d::text IS NOT DISTINCT FROM OLD.d::text THEN
    NEW.d := NEW.d_new;
  ELSE
    NEW.d_new := NEW.d;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: t.a is converted by a cast that may fail or lose something
-- Unanswered: guessed cast: t.b is converted by a cast that may fail or lose something
-- depends on rows: fails if the rows of t.d do not fit
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_a_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET a_new = a_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t RENAME COLUMN b TO b_old;
ALTER TABLE t RENAME COLUMN b_new TO b;
ALTER TABLE t RENAME COLUMN c TO c_old;
ALTER TABLE t RENAME COLUMN c_new TO c;
ALTER TABLE t RENAME COLUMN d TO d_old;
ALTER TABLE t RENAME COLUMN d_new TO d;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN b_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN b SET DEFAULT 1;
ALTER TABLE t ALTER COLUMN c_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN d_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old::integer;
  ELSE
    NEW.a_old := NEW.a;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old::integer;
  ELSE
    NEW.b_old := NEW.b;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_old::text IS DISTINCT FROM OLD.c_old::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_old;
  ELSE
    NEW.c_old := NEW.c::jsonb;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.d_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.d_old::text IS DISTINCT FROM OLD.d_old::text
      AND NEW.d::text IS NOT DISTINCT FROM OLD.d::text THEN
    NEW.d := NEW.d_old;
  ELSE
    NEW.d_old := NEW.d;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_a_in_step ON t;
DROP FUNCTION t_a_in_step();
ALTER TABLE t DROP COLUMN a_old, DROP COLUMN b_old, DROP COLUMN c_old, DROP COLUMN d_old;
RESET lock_timeout;
<=
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN a_new text, ADD COLUMN b_new text, ADD COLUMN c_new jsonb, ADD COLUMN d_new timestamp without time zone;
CREATE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_new::text IS DISTINCT FROM OLD.a_new::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_new::integer;
  ELSE
    NEW.a_new := NEW.a;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_new::text IS DISTINCT FROM OLD.b_new::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_new::integer;
  ELSE
    NEW.b_new := NEW.b;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_new::text IS DISTINCT FROM OLD.c_new::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_new;
  ELSE
    NEW.c_new := NEW.c::jsonb;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.d_new::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.d_new::text IS DISTINCT FROM OLD.d_new::text
      AND NEW.d::text IS NOT DISTINCT FROM OLD.d::text THEN
    NEW.d := NEW.d_new;
  ELSE
    NEW.d_new := NEW.d;
  END IF;
  RETURN NEW;
END
$in_step$;
-- Unanswered: guessed cast: t.c is converted by a cast that may fail or lose something
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_a_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET a_new = a_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL OR d_new IS NULL AND d IS NOT NULL);
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE (a_new IS NULL AND a IS NOT NULL OR b_new IS NULL AND b IS NOT NULL OR c_new IS NULL AND c IS NOT NULL OR d_new IS NULL AND d IS NOT NULL)) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t RENAME COLUMN b TO b_old;
ALTER TABLE t RENAME COLUMN b_new TO b;
ALTER TABLE t RENAME COLUMN c TO c_old;
ALTER TABLE t RENAME COLUMN c_new TO c;
ALTER TABLE t RENAME COLUMN d TO d_old;
ALTER TABLE t RENAME COLUMN d_new TO d;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN b_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN b SET DEFAULT '1'::text;
ALTER TABLE t ALTER COLUMN c_old DROP DEFAULT;
ALTER TABLE t ALTER COLUMN d_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.a_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.a_old::text IS DISTINCT FROM OLD.a_old::text
      AND NEW.a::text IS NOT DISTINCT FROM OLD.a::text THEN
    NEW.a := NEW.a_old;
  ELSE
    NEW.a_old := NEW.a::integer;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.b_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.b_old::text IS DISTINCT FROM OLD.b_old::text
      AND NEW.b::text IS NOT DISTINCT FROM OLD.b::text THEN
    NEW.b := NEW.b_old;
  ELSE
    NEW.b_old := NEW.b::integer;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.c_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.c_old::text IS DISTINCT FROM OLD.c_old::text
      AND NEW.c::text IS NOT DISTINCT FROM OLD.c::text THEN
    NEW.c := NEW.c_old::jsonb;
  ELSE
    NEW.c_old := NEW.c;
  END IF;
  IF TG_OP = 'INSERT' AND NEW.d_old::text IS NOT NULL
    OR TG_OP = 'UPDATE' AND NEW.d_old::text IS DISTINCT FROM OLD.d_old::text
      AND NEW.d::text IS NOT DISTINCT FROM OLD.d::text THEN
    NEW.d := NEW.d_old;
  ELSE
    NEW.d_old := NEW.d;
  END IF;
  RETURN NEW;
END
$in_step$;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_a_in_step ON t;
DROP FUNCTION t_a_in_step();
ALTER TABLE t DROP COLUMN a_old, DROP COLUMN b_old, DROP COLUMN c_old, DROP COLUMN d_old;
RESET lock_timeout;
--- a view of a column that changes
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN a_new bigint;
CREATE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
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
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_a_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET a_new = a_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND a_new IS NULL AND a IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE a_new IS NULL AND a IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

DROP VIEW w;
DROP VIEW v;
ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
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
CREATE VIEW v AS
 SELECT a,
    b
   FROM t;
COMMENT ON VIEW v IS 'kept';
GRANT SELECT ON TABLE v TO PUBLIC;
CREATE VIEW w AS
 SELECT a
   FROM v;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_a_in_step ON t;
DROP FUNCTION t_a_in_step();
ALTER TABLE t DROP COLUMN a_old;
RESET lock_timeout;
<=
-- Transaction: off
SET lock_timeout = '5s';
ALTER TABLE t ADD COLUMN a_new integer;
CREATE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
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
-- depends on rows: fails if the rows of t.a do not fit
CREATE TRIGGER zz_a_in_step BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION t_a_in_step();
RESET lock_timeout;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET a_new = a_new
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND a_new IS NULL AND a IS NOT NULL;
    COMMIT;
  END LOOP;
  IF EXISTS (SELECT FROM t WHERE a_new IS NULL AND a IS NOT NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'rows of t still have no value in a new column',
      HINT = 'a trigger keeps them from being updated, or the conversion makes NULL; if NULL is meant, delete this check';
  END IF;
END
$backfill$;

DROP VIEW w;
DROP VIEW v;
ALTER TABLE t RENAME COLUMN a TO a_old;
ALTER TABLE t RENAME COLUMN a_new TO a;
ALTER TABLE t ALTER COLUMN a_old DROP DEFAULT;
CREATE OR REPLACE FUNCTION t_a_in_step() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $in_step$
BEGIN
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
CREATE VIEW v AS
 SELECT a,
    b
   FROM t;
COMMENT ON VIEW v IS 'kept';
GRANT SELECT ON TABLE v TO PUBLIC;
CREATE VIEW w AS
 SELECT a
   FROM v;

-- Transaction: off
SET lock_timeout = '5s';
DROP TRIGGER zz_a_in_step ON t;
DROP FUNCTION t_a_in_step();
ALTER TABLE t DROP COLUMN a_old;
RESET lock_timeout;
--- serial and identity
ALTER TABLE a ALTER COLUMN id DROP DEFAULT;
-- Unanswered: data loss: deletes the data of sequence a_id_seq
DROP SEQUENCE a_id_seq;
ALTER TABLE a ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
SELECT setval(pg_get_serial_sequence('a', 'id'), coalesce(max(id), 0) + 1, false) FROM a;
ALTER TABLE b ALTER COLUMN id DROP IDENTITY;
CREATE SEQUENCE b_id_seq AS integer;
ALTER TABLE b ALTER COLUMN id SET DEFAULT nextval('b_id_seq'::regclass);
ALTER SEQUENCE b_id_seq OWNED BY b.id;
ALTER TABLE d ALTER COLUMN id SET GENERATED ALWAYS SET INCREMENT BY 2 SET START WITH 1;

-- Transaction: off
-- index build: building c_id_fill takes time and I/O
CREATE INDEX CONCURRENTLY c_id_fill ON c USING btree (id);

ALTER TABLE c ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('c', 'id'), coalesce(max(id), 0) + 1, false) FROM c;
DROP INDEX c_id_fill;
<=
ALTER TABLE a ALTER COLUMN id DROP IDENTITY;
CREATE SEQUENCE a_id_seq AS integer;
ALTER TABLE a ALTER COLUMN id SET DEFAULT nextval('a_id_seq'::regclass);
ALTER SEQUENCE a_id_seq OWNED BY a.id;
ALTER TABLE c ALTER COLUMN id DROP IDENTITY;
ALTER TABLE d ALTER COLUMN id SET GENERATED BY DEFAULT SET INCREMENT BY 1 SET START WITH 5;

-- Transaction: off
-- index build: building b_id_fill takes time and I/O
CREATE INDEX CONCURRENTLY b_id_fill ON b USING btree (id);

ALTER TABLE b ALTER COLUMN id DROP DEFAULT;
-- Unanswered: data loss: deletes the data of sequence b_id_seq
DROP SEQUENCE b_id_seq;
ALTER TABLE b ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('b', 'id'), coalesce(max(id), 0) + 1, false) FROM b;
DROP INDEX b_id_fill;
--- generated columns
ALTER TABLE t DROP COLUMN b;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ADD COLUMN b integer GENERATED ALWAYS AS (a * 3) STORED;
ALTER TABLE t ALTER COLUMN c DROP EXPRESSION;
<=
-- Unanswered: data loss: deletes the data of column t.c
ALTER TABLE t DROP COLUMN c;
ALTER TABLE t DROP COLUMN b;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ADD COLUMN b integer GENERATED ALWAYS AS (a * 2) STORED;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ADD COLUMN c integer GENERATED ALWAYS AS (a) STORED;
--- settings, comments, owners and privileges
COMMENT ON COLUMN t.b IS NULL;
-- authorization change: who may use TABLE t changes
ALTER TABLE t DISABLE ROW LEVEL SECURITY;
ALTER TABLE t ALTER COLUMN a SET STATISTICS -1;
ALTER TABLE t RESET (fillfactor);
ALTER TABLE t SET (autovacuum_enabled=false);
ALTER TABLE t ALTER COLUMN a SET STORAGE EXTENDED;
COMMENT ON COLUMN t.a IS 'new';
ALTER TABLE t REPLICA IDENTITY FULL;
ALTER TABLE t ALTER COLUMN b SET STATISTICS 100;
-- authorization change: who may use TABLE t changes
REVOKE INSERT ON TABLE t FROM PUBLIC;
-- authorization change: who may use TABLE t changes
GRANT UPDATE (a) ON TABLE t TO PUBLIC;
<=
ALTER TABLE t REPLICA IDENTITY DEFAULT;
ALTER TABLE t ALTER COLUMN b SET STATISTICS -1;
ALTER TABLE t RESET (autovacuum_enabled);
ALTER TABLE t SET (fillfactor=70);
ALTER TABLE t ALTER COLUMN a SET STORAGE EXTERNAL;
COMMENT ON COLUMN t.a IS 'old';
COMMENT ON COLUMN t.b IS 'gone';
-- authorization change: who may use TABLE t changes
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
ALTER TABLE t ALTER COLUMN a SET STATISTICS 100;
-- authorization change: who may use TABLE t changes
REVOKE UPDATE (a) ON TABLE t FROM PUBLIC;
-- authorization change: who may use TABLE t changes
GRANT INSERT ON TABLE t TO PUBLIC;
--- a key of a partitioned table is refused
-- refused: cannot change the partition key of TABLE t without a new one: write that revision by hand
--- tables that refer to each other
ALTER TABLE b DROP CONSTRAINT b_a_fkey;
ALTER TABLE a DROP CONSTRAINT a_b_fkey;
-- Unanswered: data loss: deletes the data of table b
DROP TABLE b;
-- Unanswered: data loss: deletes the data of table a
DROP TABLE a;
CREATE SCHEMA other;
<=
DROP SCHEMA other;
CREATE TABLE a (
  id integer NOT NULL,
  b integer,
  CONSTRAINT a_pkey PRIMARY KEY (id)
);
CREATE TABLE b (
  id integer NOT NULL,
  a integer,
  CONSTRAINT b_pkey PRIMARY KEY (id)
);
ALTER TABLE a ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES b(id);
ALTER TABLE b ADD CONSTRAINT b_a_fkey FOREIGN KEY (a) REFERENCES a(id);
--- equal schemas
<=
--- a child moves to another parent
ALTER TABLE child INHERIT b;
ALTER TABLE child NO INHERIT a;
CREATE TABLE made (
  x integer
);
ALTER TABLE orphan INHERIT made;
ALTER TABLE orphan NO INHERIT gone;
-- Unanswered: data loss: deletes the data of table gone
DROP TABLE gone;
<=
ALTER TABLE child INHERIT a;
ALTER TABLE child NO INHERIT b;
CREATE TABLE gone (
  x integer
);
ALTER TABLE orphan INHERIT gone;
ALTER TABLE orphan NO INHERIT made;
-- Unanswered: data loss: deletes the data of table made
DROP TABLE made;
--- a partition moves to another table
ALTER TABLE p DETACH PARTITION part;
-- index dropped: queries that use part_b_idx become slower
DROP INDEX part_b_idx;
ALTER TABLE part ADD CONSTRAINT part_belongs CHECK (((a IS NOT NULL) AND (a = 1))) NOT VALID;

-- depends on rows: fails if the rows of part do not fit
ALTER TABLE part VALIDATE CONSTRAINT part_belongs;
ALTER TABLE q ATTACH PARTITION part FOR VALUES IN (1);
ALTER TABLE part DROP CONSTRAINT part_belongs;
<=
ALTER TABLE q DETACH PARTITION part;

-- Transaction: off
-- index build: building part_b_idx takes time and I/O
CREATE INDEX CONCURRENTLY part_b_idx ON part USING btree (b);

ALTER TABLE part ADD CONSTRAINT part_belongs CHECK (((a IS NOT NULL) AND (a = 1))) NOT VALID;

-- depends on rows: fails if the rows of part do not fit
ALTER TABLE part VALIDATE CONSTRAINT part_belongs;
ALTER TABLE p ATTACH PARTITION part FOR VALUES IN (1);
ALTER TABLE part DROP CONSTRAINT part_belongs;
--- a column that is the table's own becomes only inherited
-- refused: cannot change COLUMN child.a: inherited columns and checks can't become the table's own, or the reverse: write that revision by hand
--- a child leaves a parent that gets another column
CREATE TABLE other (
  a integer,
  b integer
);
ALTER TABLE child INHERIT other;
ALTER TABLE child NO INHERIT one;
-- Unanswered: data loss: deletes the data of column one.a
ALTER TABLE one DROP COLUMN a;
ALTER TABLE one ADD COLUMN d integer;
ALTER TABLE one ADD CONSTRAINT one_d_check CHECK (d > 0) NOT VALID;

-- depends on rows: fails if the rows of one do not fit
ALTER TABLE one VALIDATE CONSTRAINT one_d_check;
<=
-- Unanswered: data loss: deletes the data of column one.d
ALTER TABLE one DROP COLUMN d;
ALTER TABLE one ADD COLUMN a integer;
ALTER TABLE child INHERIT one;
ALTER TABLE child NO INHERIT other;
-- Unanswered: data loss: deletes the data of table other
DROP TABLE other;
--- a serial column of a table of another role, and an identity column that could be NULL
CREATE SEQUENCE t_b_seq AS integer;
ALTER TABLE t ADD COLUMN b integer;
ALTER TABLE t ALTER COLUMN b SET DEFAULT nextval('t_b_seq'::regclass);

-- Transaction: off
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET b = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND b IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;
-- index build: building u_a_fill takes time and I/O
CREATE INDEX CONCURRENTLY u_a_fill ON u USING btree (a);

ALTER TABLE u ADD CONSTRAINT a_is_not_null CHECK (a IS NOT NULL) NOT VALID;

-- Transaction: off
-- index build: building u_b_fill takes time and I/O
CREATE INDEX CONCURRENTLY u_b_fill ON u USING btree (b);

ALTER TABLE u ALTER COLUMN b ADD GENERATED BY DEFAULT AS IDENTITY;
SELECT setval(pg_get_serial_sequence('u', 'b'), coalesce(max(b), 0) + 1, false) FROM u;
DROP INDEX u_b_fill;
ALTER TABLE t ADD CONSTRAINT b_is_not_null CHECK (b IS NOT NULL) NOT VALID;

ALTER TABLE t VALIDATE CONSTRAINT b_is_not_null;
-- depends on rows: fails if the rows of u.a do not fit
ALTER TABLE u VALIDATE CONSTRAINT a_is_not_null;
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT b_is_not_null;
ALTER SEQUENCE t_b_seq OWNER TO pg_monitor;
ALTER SEQUENCE t_b_seq OWNED BY t.b;
ALTER TABLE u ALTER COLUMN a SET NOT NULL;
ALTER TABLE u DROP CONSTRAINT a_is_not_null;
ALTER TABLE u ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('u', 'a'), coalesce(max(a), 0) + 1, false) FROM u;
DROP INDEX u_a_fill;
<=
-- Unanswered: data loss: deletes the data of column t.b
ALTER TABLE t DROP COLUMN b;
ALTER TABLE u ALTER COLUMN a DROP IDENTITY;
ALTER TABLE u ALTER COLUMN a DROP NOT NULL;
ALTER TABLE u ALTER COLUMN b DROP IDENTITY;
--- typed tables that leave their type, with other columns
-- Unanswered: data loss: deletes the data of column joins.c
ALTER TABLE joins DROP COLUMN c;
ALTER TABLE joins ADD COLUMN b integer;
ALTER TABLE joins OF other;
ALTER TABLE left_with_columns NOT OF;
-- table rewrite: left_with_columns is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE left_with_columns ALTER COLUMN b TYPE text;
ALTER TABLE left_with_columns ADD COLUMN c integer;
ALTER TABLE left_with_type NOT OF;
-- Unanswered: data loss: deletes the data of column left_with_type.b
ALTER TABLE left_with_type DROP COLUMN b;
-- Unanswered: data loss: deletes the data of columns of left_with_type
-- Unanswered: data loss: deletes the data of columns of stays
ALTER TYPE pair DROP ATTRIBUTE b CASCADE;
ALTER TABLE left_without_column NOT OF;
-- Unanswered: data loss: deletes the data of column left_without_column.b
ALTER TABLE left_without_column DROP COLUMN b;
<=
-- Unanswered: data loss: deletes the data of column left_with_columns.c
ALTER TABLE left_with_columns DROP COLUMN c;
ALTER TYPE pair ADD ATTRIBUTE b integer CASCADE;
ALTER TABLE joins NOT OF;
-- Unanswered: data loss: deletes the data of column joins.b
ALTER TABLE joins DROP COLUMN b;
ALTER TABLE joins ADD COLUMN c integer;
-- Unanswered: guessed cast: left_with_columns.b is converted by a cast that may fail or lose something
-- table rewrite: left_with_columns is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE left_with_columns ALTER COLUMN b TYPE integer USING b::integer;
ALTER TABLE left_with_columns OF other;
ALTER TABLE left_with_type ADD COLUMN b integer;
ALTER TABLE left_with_type OF pair;
ALTER TABLE left_without_column ADD COLUMN b integer;
ALTER TABLE left_without_column OF other;
--- identity columns with the sequences of ones that are dropped
-- Unanswered: data loss: deletes the data of table u
DROP TABLE u;
-- Unanswered: data loss: deletes the data of column t.id
ALTER TABLE t DROP COLUMN id;
CREATE SEQUENCE t_number_fill;
GRANT USAGE ON SEQUENCE t_number_fill TO PUBLIC;
ALTER TABLE t ADD COLUMN number bigint;
ALTER TABLE t ALTER COLUMN number SET DEFAULT nextval('t_number_fill');
CREATE TABLE v (
  id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME u_id_seq)
);
-- authorization change: who may use SEQUENCE u_id_seq changes
REVOKE USAGE ON SEQUENCE u_id_seq FROM pg_monitor;
GRANT USAGE ON SEQUENCE u_id_seq TO pg_monitor;

-- Transaction: off
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET number = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND number IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;

ALTER TABLE t ADD CONSTRAINT number_is_not_null CHECK (number IS NOT NULL) NOT VALID;

ALTER TABLE t VALIDATE CONSTRAINT number_is_not_null;
ALTER TABLE t ALTER COLUMN number SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT number_is_not_null;
ALTER TABLE t ALTER COLUMN number DROP DEFAULT;
ALTER TABLE t ALTER COLUMN number ADD GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME t_id_seq);
SELECT setval(pg_get_serial_sequence('t', 'number'), nextval('t_number_fill'), false);
DROP SEQUENCE t_number_fill;
-- authorization change: who may use SEQUENCE t_id_seq changes
REVOKE USAGE ON SEQUENCE t_id_seq FROM pg_monitor;
GRANT USAGE ON SEQUENCE t_id_seq TO pg_monitor;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t USING btree (number);

ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;
<=
-- Unanswered: data loss: deletes the data of table v
DROP TABLE v;
-- Unanswered: data loss: deletes the data of column t.number
ALTER TABLE t DROP COLUMN number;
CREATE SEQUENCE t_id_fill;
GRANT USAGE ON SEQUENCE t_id_fill TO PUBLIC;
ALTER TABLE t ADD COLUMN id bigint;
ALTER TABLE t ALTER COLUMN id SET DEFAULT nextval('t_id_fill');
CREATE TABLE u (
  id bigint GENERATED ALWAYS AS IDENTITY
);
-- authorization change: who may use SEQUENCE u_id_seq changes
REVOKE USAGE ON SEQUENCE u_id_seq FROM pg_monitor;
GRANT USAGE ON SEQUENCE u_id_seq TO pg_monitor;

-- Transaction: off
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET id = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;

ALTER TABLE t ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;

ALTER TABLE t VALIDATE CONSTRAINT id_is_not_null;
ALTER TABLE t ALTER COLUMN id SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_is_not_null;
ALTER TABLE t ALTER COLUMN id DROP DEFAULT;
ALTER TABLE t ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('t', 'id'), nextval('t_id_fill'), false);
DROP SEQUENCE t_id_fill;
-- authorization change: who may use SEQUENCE t_id_seq changes
REVOKE USAGE ON SEQUENCE t_id_seq FROM pg_monitor;
GRANT USAGE ON SEQUENCE t_id_seq TO pg_monitor;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t USING btree (id);

ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;
--- published tables that become unlogged
DROP PUBLICATION one;
-- table rewrite: c is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE c SET LOGGED;
ALTER PUBLICATION two SET TABLE b, TABLE c;
-- table rewrite: a is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE a SET UNLOGGED;
<=
-- table rewrite: a is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE a SET LOGGED;
CREATE PUBLICATION one FOR TABLE a WITH (publish = 'insert, update, delete, truncate');
ALTER PUBLICATION two SET TABLE a, TABLE b;
-- table rewrite: c is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE c SET UNLOGGED;
--- a column with a default in a table whose rows are values
ALTER TABLE p ADD COLUMN b text;
ALTER TABLE p ALTER COLUMN b SET DEFAULT 'x'::text;
ALTER TABLE t ADD COLUMN b text;
ALTER TABLE t ALTER COLUMN b SET DEFAULT 'x'::text;

-- Transaction: off
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('p') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE ONLY p SET b = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND b IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('p1') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE p1 SET b = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND b IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t SET b = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND b IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;

ALTER TABLE p ADD CONSTRAINT b_is_not_null CHECK (b IS NOT NULL) NOT VALID;

ALTER TABLE p VALIDATE CONSTRAINT b_is_not_null;
ALTER TABLE p ALTER COLUMN b SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT b_is_not_null;
<=
-- Unanswered: data loss: deletes the data of column t.b
ALTER TABLE t DROP COLUMN b;
-- Unanswered: data loss: deletes the data of column p.b
ALTER TABLE p DROP COLUMN b;
--- a column with a default in a table whose rows are values offline
-- refused: cannot change TABLE t: PostgreSQL rewrites no table whose row type a column has: write that revision by hand
--- an identity column whose sequence gets another name
COMMENT ON SEQUENCE u IS NULL;
SELECT setval('s', 5, false) FROM s WHERE last_value < 5;
ALTER TABLE t ALTER COLUMN a SET INCREMENT BY 12 SET MINVALUE 5 SET START WITH 5;
ALTER SEQUENCE s RENAME TO "S";
ALTER SEQUENCE u RENAME TO t_b_seq;
-- authorization change: who may use SEQUENCE "S" changes
REVOKE USAGE ON SEQUENCE "S" FROM pg_monitor;
-- authorization change: who may use SEQUENCE "S" changes
GRANT SELECT ON SEQUENCE "S" TO pg_monitor;
<=
ALTER TABLE t ALTER COLUMN a SET INCREMENT BY 2 SET NO MINVALUE SET START WITH 1;
ALTER SEQUENCE "S" RENAME TO s;
ALTER SEQUENCE t_b_seq RENAME TO u;
-- authorization change: who may use SEQUENCE s changes
REVOKE SELECT ON SEQUENCE s FROM pg_monitor;
-- authorization change: who may use SEQUENCE s changes
GRANT USAGE ON SEQUENCE s TO pg_monitor;
COMMENT ON SEQUENCE u IS 'goes';
--- sequences that are logged or not, with or unlike their tables
ALTER SEQUENCE t_b_seq SET UNLOGGED;
ALTER SEQUENCE t_a_seq SET UNLOGGED;
ALTER SEQUENCE v_b_seq SET LOGGED;
ALTER SEQUENCE v_a_seq SET UNLOGGED;
-- table rewrite: u is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE u SET LOGGED;
ALTER SEQUENCE u_a_seq SET UNLOGGED;
<=
ALTER SEQUENCE t_b_seq SET LOGGED;
ALTER SEQUENCE t_a_seq SET LOGGED;
-- table rewrite: u is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE u SET UNLOGGED;
ALTER SEQUENCE v_b_seq SET UNLOGGED;
ALTER SEQUENCE v_a_seq SET LOGGED;
--- tables that refer to each other become logged
-- table rewrite: b is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE b SET LOGGED;
-- table rewrite: a is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE a SET LOGGED;
-- table rewrite: c is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE c SET LOGGED;
<=
-- table rewrite: c is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE c SET UNLOGGED;
-- table rewrite: a is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE a SET UNLOGGED;
-- table rewrite: b is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE b SET UNLOGGED;
--- an attribute of the type of a table is replaced by one with a default
-- Unanswered: data loss: deletes the data of columns of t
ALTER TYPE ty DROP ATTRIBUTE b CASCADE;
ALTER TYPE ty ADD ATTRIBUTE n numeric CASCADE;
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;
ALTER TABLE t ADD CONSTRAINT c_is_not_null CHECK (c IS NOT NULL) NOT VALID;
ALTER TABLE t ALTER COLUMN n SET DEFAULT 2000;

-- depends on rows: fails if the rows of t.c do not fit
ALTER TABLE t VALIDATE CONSTRAINT c_is_not_null;
ALTER TABLE t ALTER COLUMN c SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT c_is_not_null;
<=
-- Unanswered: data loss: deletes the data of table t
DROP TABLE t;
DROP TYPE ty;
CREATE TYPE ty AS (
  a integer,
  b boolean,
  c integer
);
CREATE TABLE t OF ty (
  a WITH OPTIONS NOT NULL,
  b WITH OPTIONS DEFAULT true
);
--- an attribute of the type of a table is refused that has NOT NULL there
-- refused: cannot change COLUMN t.b: a new attribute of the type of a table has no values, and a column of it can't be NOT NULL: write that revision by hand
--- a partitioned table is refused that becomes unlogged
-- refused: cannot change the persistence (LOGGED or UNLOGGED) of TABLE t without a new one: write that revision by hand
--- the roles of a policy in another order
<=
--- the roles of policies in another order
-- authorization change: who may use t changes
DROP POLICY p ON t;
-- authorization change: who may use t changes
CREATE POLICY q ON t TO pg_monitor, pg_read_all_data;
<=
-- authorization change: who may use t changes
DROP POLICY q ON t;
-- authorization change: who may use t changes
CREATE POLICY p ON t TO pg_monitor, pg_read_all_data;
--- storage parameters of the TOAST table of a table whose columns can't be long
-- Unanswered: data loss: deletes the data of table t
DROP TABLE t;
CREATE TABLE app.t (
  id bigint NOT NULL,
  CONSTRAINT t_pkey PRIMARY KEY (id)
);
<=
-- Unanswered: data loss: deletes the data of table app.t
DROP TABLE app.t;
CREATE TABLE t (
  id bigint NOT NULL,
  s text,
  CONSTRAINT t_pkey PRIMARY KEY (id)
) WITH (toast.autovacuum_enabled=false);
--- a column that can't be NULL and has no default
-- depends on rows: fails if users has rows, which have no value for "full name"
ALTER TABLE users ADD COLUMN "full name" text NOT NULL;
<=
-- Unanswered: data loss: deletes the data of column users."full name"
ALTER TABLE users DROP COLUMN "full name";
--- domains, and identities whose sequences do not start with 1
ALTER TABLE t1 ADD COLUMN b dd NOT NULL;
-- depends on rows: fails if t2 has rows, which have no value for b
-- table rewrite: t2 is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t2 ADD COLUMN b dn;
-- depends on rows: fails if t4 has rows, which have no value for b
-- table rewrite: t4 is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t4 ADD COLUMN b s.dn;
-- depends on rows: fails if the rows of t4 do not fit
-- table rewrite: t4 is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t4 ADD COLUMN c integer GENERATED ALWAYS AS (a + 1) STORED NOT NULL;
ALTER TABLE t5 ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY (INCREMENT BY 5 START WITH 100);
SELECT setval(pg_get_serial_sequence('t5', 'a'), greatest(max(a) + 5, 100), false) FROM t5;

-- Transaction: off
-- index build: building t3_a_fill takes time and I/O
CREATE INDEX CONCURRENTLY t3_a_fill ON t3 USING btree (a);

ALTER TABLE t3 ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY (MINVALUE 100);
SELECT setval(pg_get_serial_sequence('t3', 'a'), greatest(max(a) + 1, 100), false) FROM t3;
DROP INDEX t3_a_fill;

-- Transaction: off
-- index build: building t6_a_fill takes time and I/O
CREATE INDEX CONCURRENTLY t6_a_fill ON t6 USING btree (a);

ALTER TABLE t6 ALTER COLUMN a ADD GENERATED ALWAYS AS IDENTITY (INCREMENT BY -1);
SELECT setval(pg_get_serial_sequence('t6', 'a'), least(min(a) - 1, -1), false) FROM t6;
DROP INDEX t6_a_fill;
<=
ALTER TABLE t4 DROP COLUMN c;
-- Unanswered: data loss: deletes the data of column t4.b
ALTER TABLE t4 DROP COLUMN b;
-- Unanswered: data loss: deletes the data of column t2.b
ALTER TABLE t2 DROP COLUMN b;
-- Unanswered: data loss: deletes the data of column t1.b
ALTER TABLE t1 DROP COLUMN b;
ALTER TABLE t3 ALTER COLUMN a DROP IDENTITY;
ALTER TABLE t5 ALTER COLUMN a DROP IDENTITY;
ALTER TABLE t6 ALTER COLUMN a DROP IDENTITY;
