--- an owner changes with a new serial column
CREATE SEQUENCE t_id_seq AS integer;
ALTER TABLE t ADD COLUMN id integer;
ALTER TABLE t ALTER COLUMN id SET DEFAULT nextval('t_id_seq'::regclass);
CREATE SEQUENCE u_id_seq AS integer;
ALTER TABLE u ADD COLUMN id integer;
ALTER TABLE u ALTER COLUMN id SET DEFAULT nextval('u_id_seq'::regclass);

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
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('u') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE u SET id = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;

ALTER TABLE t ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;
ALTER TABLE u ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;

ALTER TABLE t VALIDATE CONSTRAINT id_is_not_null;
ALTER TABLE u VALIDATE CONSTRAINT id_is_not_null;
ALTER TABLE t ALTER COLUMN id SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_is_not_null;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_monitor;
ALTER SEQUENCE t_id_seq OWNER TO pg_monitor;
ALTER SEQUENCE t_id_seq OWNED BY t.id;
ALTER TABLE u ALTER COLUMN id SET NOT NULL;
ALTER TABLE u DROP CONSTRAINT id_is_not_null;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO CURRENT_USER;
ALTER SEQUENCE u_id_seq OWNED BY u.id;
<=
-- Unanswered: data loss: deletes the data of column u.id
ALTER TABLE u DROP COLUMN id;
-- Unanswered: data loss: deletes the data of column t.id
ALTER TABLE t DROP COLUMN id;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO CURRENT_USER;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO pg_monitor;
--- an owner changes with a sequence that stays
ALTER SEQUENCE s OWNED BY NONE;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_monitor;
-- authorization change: who may use SEQUENCE r changes
ALTER SEQUENCE r OWNER TO pg_monitor;
ALTER SEQUENCE r OWNED BY t.id;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO CURRENT_USER;
ALTER SEQUENCE s OWNED BY u.id;
-- authorization change: who may use TABLE v changes
ALTER TABLE v OWNER TO pg_monitor;
<=
ALTER SEQUENCE r OWNED BY NONE;
ALTER SEQUENCE s OWNED BY NONE;
-- authorization change: who may use SEQUENCE r changes
ALTER SEQUENCE r OWNER TO CURRENT_USER;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO CURRENT_USER;
ALTER SEQUENCE s OWNED BY t.id;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO pg_monitor;
-- authorization change: who may use TABLE v changes
ALTER TABLE v OWNER TO CURRENT_USER;
--- a sequence moves to a table whose owner changes
ALTER SEQUENCE s OWNED BY NONE;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO pg_monitor;
-- authorization change: who may use SEQUENCE s changes
ALTER SEQUENCE s OWNER TO pg_monitor;
ALTER SEQUENCE s OWNED BY u.id;
<=
ALTER SEQUENCE s OWNED BY NONE;
-- authorization change: who may use SEQUENCE s changes
ALTER SEQUENCE s OWNER TO CURRENT_USER;
ALTER SEQUENCE s OWNED BY t.id;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO CURRENT_USER;
--- a sequence moves between tables whose owners change
ALTER SEQUENCE s OWNED BY NONE;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO CURRENT_USER;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO pg_read_all_stats;
-- authorization change: who may use SEQUENCE s changes
ALTER SEQUENCE s OWNER TO pg_read_all_stats;
ALTER SEQUENCE s OWNED BY u.id;
<=
ALTER SEQUENCE s OWNED BY NONE;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_monitor;
-- authorization change: who may use SEQUENCE s changes
ALTER SEQUENCE s OWNER TO pg_monitor;
ALTER SEQUENCE s OWNED BY t.id;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO CURRENT_USER;
--- an owner changes with an identity column and a serial one of a partitioned table
CREATE SEQUENCE p_id_seq AS integer;
ALTER TABLE p ADD COLUMN id integer;
ALTER TABLE p ALTER COLUMN id SET DEFAULT nextval('p_id_seq'::regclass);
CREATE SEQUENCE p_g_fill;
GRANT USAGE ON SEQUENCE p_g_fill TO PUBLIC;
ALTER TABLE p ADD COLUMN g bigint;
ALTER TABLE p ALTER COLUMN g SET DEFAULT nextval('p_g_fill');

-- Transaction: off
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('p1') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE p1 SET id = DEFAULT
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND id IS NULL;
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
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
      UPDATE p1 SET g = DEFAULT
      WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + size)::tid
        AND g IS NULL;
      page := page + size;
      size := least(size * 2, 1000);
    EXCEPTION WHEN serialization_failure THEN
      size := greatest(size / 10, 1);
    END;
    COMMIT;
  END LOOP;
END
$backfill$;

ALTER TABLE p ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;
ALTER TABLE p ADD CONSTRAINT g_is_not_null CHECK (g IS NOT NULL) NOT VALID;

ALTER TABLE p VALIDATE CONSTRAINT id_is_not_null;
ALTER TABLE p VALIDATE CONSTRAINT g_is_not_null;
ALTER TABLE p ALTER COLUMN id SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT id_is_not_null;
ALTER TABLE p ALTER COLUMN g SET NOT NULL;
ALTER TABLE p DROP CONSTRAINT g_is_not_null;
ALTER TABLE p ALTER COLUMN g DROP DEFAULT;
ALTER TABLE p ALTER COLUMN g ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('p', 'g'), nextval('p_g_fill'), false);
DROP SEQUENCE p_g_fill;
-- authorization change: who may use TABLE p changes
ALTER TABLE p OWNER TO pg_monitor;
ALTER SEQUENCE p_id_seq OWNER TO pg_monitor;
ALTER SEQUENCE p_id_seq OWNED BY p.id;
-- authorization change: who may use TABLE p1 changes
ALTER TABLE p1 OWNER TO pg_monitor;
<=
-- Unanswered: data loss: deletes the data of column p.g
ALTER TABLE p DROP COLUMN g;
-- Unanswered: data loss: deletes the data of column p.id
ALTER TABLE p DROP COLUMN id;
-- authorization change: who may use TABLE p changes
ALTER TABLE p OWNER TO CURRENT_USER;
-- authorization change: who may use TABLE p1 changes
ALTER TABLE p1 OWNER TO CURRENT_USER;
--- a sequence is released and changes its owner
ALTER SEQUENCE r OWNED BY NONE;
ALTER SEQUENCE s OWNED BY NONE;
-- authorization change: who may use SEQUENCE q changes
ALTER SEQUENCE q OWNER TO CURRENT_USER;
-- authorization change: who may use SEQUENCE s changes
ALTER SEQUENCE s OWNER TO CURRENT_USER;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO CURRENT_USER;
<=
-- authorization change: who may use SEQUENCE q changes
ALTER SEQUENCE q OWNER TO pg_monitor;
-- authorization change: who may use SEQUENCE s changes
ALTER SEQUENCE s OWNER TO pg_monitor;
ALTER SEQUENCE s OWNED BY t.id;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO pg_monitor;
ALTER SEQUENCE r OWNED BY u.id;
--- a sequence moves between tables that are dropped and created
ALTER SEQUENCE s OWNED BY NONE;
-- authorization change: who may use SEQUENCE s changes
ALTER SEQUENCE s OWNER TO CURRENT_USER;
-- authorization change: who may use SEQUENCE r changes
ALTER SEQUENCE r OWNER TO CURRENT_USER;
-- authorization change: who may use SEQUENCE r changes
REVOKE USAGE ON SEQUENCE r FROM pg_read_all_stats;
-- Unanswered: data loss: deletes the data of table t
DROP TABLE t;
CREATE TABLE u (
  id integer
);
ALTER SEQUENCE s OWNED BY u.id;
ALTER TABLE u OWNER TO pg_read_all_stats;
CREATE TABLE v (
  id integer DEFAULT 1
);
ALTER SEQUENCE r OWNED BY v.id;
ALTER TABLE v OWNER TO pg_read_all_stats;
<=
ALTER SEQUENCE r OWNED BY NONE;
ALTER SEQUENCE s OWNED BY NONE;
-- authorization change: who may use SEQUENCE s changes
ALTER SEQUENCE s OWNER TO CURRENT_USER;
-- Unanswered: data loss: deletes the data of table v
DROP TABLE v;
-- Unanswered: data loss: deletes the data of table u
DROP TABLE u;
-- authorization change: who may use SEQUENCE r changes
ALTER SEQUENCE r OWNER TO pg_monitor;
-- authorization change: who may use SEQUENCE r changes
GRANT USAGE ON SEQUENCE r TO pg_read_all_stats;
CREATE TABLE t (
  id integer
);
ALTER SEQUENCE s OWNED BY t.id;
ALTER TABLE t OWNER TO pg_monitor;
--- one who has all privileges with the option to grant becomes the owner
-- authorization change: who may use TABLE t changes
REVOKE DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE u changes
REVOKE SELECT ON TABLE u FROM pg_monitor;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_monitor;
-- authorization change: who may use TABLE t changes
REVOKE DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t TO pg_monitor WITH GRANT OPTION;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO pg_monitor;
-- authorization change: who may use TABLE u changes
REVOKE SELECT ON TABLE u FROM pg_monitor;
-- authorization change: who may use TABLE u changes
GRANT SELECT ON TABLE u TO pg_monitor WITH GRANT OPTION;
<=
-- authorization change: who may use TABLE t changes
REVOKE DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t TO pg_monitor;
-- authorization change: who may use TABLE u changes
REVOKE SELECT ON TABLE u FROM pg_monitor;
-- authorization change: who may use TABLE u changes
GRANT SELECT ON TABLE u TO pg_monitor;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO CURRENT_USER;
-- authorization change: who may use TABLE t changes
GRANT DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t TO pg_monitor WITH GRANT OPTION;
-- authorization change: who may use TABLE u changes
ALTER TABLE u OWNER TO CURRENT_USER;
-- authorization change: who may use TABLE u changes
GRANT SELECT ON TABLE u TO pg_monitor WITH GRANT OPTION;
--- default privileges of the owner of a table that gets an identity column
CREATE SEQUENCE t2_id_fill AS smallint;
GRANT USAGE ON SEQUENCE t2_id_fill TO PUBLIC;
ALTER TABLE t2 ADD COLUMN id smallint;
ALTER TABLE t2 ALTER COLUMN id SET DEFAULT nextval('t2_id_fill');

-- Transaction: off
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('t2') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE t2 SET id = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;
-- index build: building t3_id_fill takes time and I/O
CREATE INDEX CONCURRENTLY t3_id_fill ON t3 USING btree (id);

ALTER TABLE t3 ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('t3', 'id'), coalesce(max(id), 0) + 1, false) FROM t3;
DROP INDEX t3_id_fill;
-- authorization change: who may use SEQUENCE t3_id_seq changes
REVOKE SELECT, UPDATE, USAGE ON SEQUENCE t3_id_seq FROM pg_read_all_data;

-- Transaction: off
-- depends on rows: fails if the rows of t3 do not fit
-- index build: building t3_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t3_pkey ON t3 USING btree (id);

ALTER TABLE t2 ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;

ALTER TABLE t2 VALIDATE CONSTRAINT id_is_not_null;
ALTER TABLE t2 ALTER COLUMN id SET NOT NULL;
ALTER TABLE t2 DROP CONSTRAINT id_is_not_null;
ALTER TABLE t2 ALTER COLUMN id DROP DEFAULT;
ALTER TABLE t2 ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('t2', 'id'), nextval('t2_id_fill'), false);
DROP SEQUENCE t2_id_fill;
-- authorization change: who may use SEQUENCE t2_id_seq changes
REVOKE SELECT, UPDATE, USAGE ON SEQUENCE t2_id_seq FROM pg_read_all_data;

-- Transaction: off
-- depends on rows: fails if the rows of t2 do not fit
-- index build: building t2_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t2_pkey ON t2 USING btree (id);

ALTER TABLE t2 ADD CONSTRAINT t2_pkey PRIMARY KEY USING INDEX t2_pkey;
ALTER TABLE t3 ADD CONSTRAINT t3_pkey PRIMARY KEY USING INDEX t3_pkey;
<=
-- index dropped: queries that use t3_pkey become slower
ALTER TABLE t3 DROP CONSTRAINT t3_pkey;
-- Unanswered: data loss: deletes the data of column t2.id
ALTER TABLE t2 DROP COLUMN id;
ALTER TABLE t3 ALTER COLUMN id DROP IDENTITY;
--- a privilege on a column that a former owner has
-- authorization change: who may use TABLE t changes
REVOKE UPDATE (a) ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT UPDATE (a) ON TABLE t TO pg_monitor WITH GRANT OPTION;
<=
-- authorization change: who may use TABLE t changes
REVOKE UPDATE (a) ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
REVOKE SELECT (a) ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
REVOKE UPDATE (id) ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO CURRENT_USER;
-- authorization change: who may use TABLE t changes
GRANT UPDATE (id) ON TABLE t TO pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT SELECT (a) ON TABLE t TO pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT UPDATE (a) ON TABLE t TO pg_monitor WITH GRANT OPTION;
--- what the owner lacks, from and to the role that migrates
-- authorization change: who may use TABLE t changes
REVOKE SELECT (a) ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
REVOKE UPDATE ON TABLE t FROM postgres;
-- authorization change: who may use TABLE t changes
GRANT SELECT, UPDATE ON TABLE t TO pg_monitor;
-- authorization change: who may use SCHEMA app changes
ALTER SCHEMA app OWNER TO CURRENT_USER;
-- authorization change: who may use SCHEMA app changes
REVOKE CREATE, USAGE ON SCHEMA app FROM postgres;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO CURRENT_USER;
-- authorization change: who may use TABLE t changes
REVOKE SELECT ON TABLE t FROM postgres;
-- authorization change: who may use TABLE t changes
GRANT SELECT (a) ON TABLE t TO postgres;
<=
-- authorization change: who may use SCHEMA app changes
GRANT CREATE, USAGE ON SCHEMA app TO postgres;
-- authorization change: who may use TABLE t changes
REVOKE SELECT (a) ON TABLE t FROM postgres;
-- authorization change: who may use TABLE t changes
GRANT SELECT ON TABLE t TO postgres;
-- authorization change: who may use SCHEMA app changes
ALTER SCHEMA app OWNER TO pg_monitor;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_monitor;
-- authorization change: who may use TABLE t changes
REVOKE SELECT, UPDATE ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT UPDATE ON TABLE t TO postgres;
-- authorization change: who may use TABLE t changes
GRANT SELECT (a) ON TABLE t TO pg_monitor;
--- a new owner lacks privileges, except on columns
-- authorization change: who may use TABLE t changes
GRANT DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t TO pg_read_all_data;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_monitor;
-- authorization change: who may use TABLE t changes
REVOKE DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT SELECT (a) ON TABLE t TO pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT UPDATE (b) ON TABLE t TO pg_monitor;
<=
-- authorization change: who may use TABLE t changes
REVOKE UPDATE (b) ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
REVOKE SELECT (a) ON TABLE t FROM pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t TO pg_monitor;
-- authorization change: who may use TABLE t changes
ALTER TABLE t OWNER TO pg_read_all_data;
-- authorization change: who may use TABLE t changes
REVOKE DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t FROM pg_read_all_data;
-- authorization change: who may use TABLE t changes
GRANT SELECT (a) ON TABLE t TO pg_monitor;
-- authorization change: who may use TABLE t changes
GRANT UPDATE (b) ON TABLE t TO pg_monitor;
--- default privileges with the option to grant, of one who becomes the owner
CREATE SEQUENCE s3;
ALTER SEQUENCE s3 OWNER TO pg_monitor;
-- authorization change: who may use SEQUENCE s3 changes
REVOKE GRANT OPTION FOR SELECT, UPDATE, USAGE ON SEQUENCE s3 FROM pg_monitor;
CREATE SEQUENCE s4;
ALTER SEQUENCE s4 OWNER TO pg_monitor;
REVOKE SELECT, UPDATE, USAGE ON SEQUENCE s4 FROM pg_monitor;
GRANT SELECT, UPDATE, USAGE ON SEQUENCE s4 TO pg_monitor WITH GRANT OPTION;
CREATE SEQUENCE s5;
GRANT SELECT, UPDATE, USAGE ON SEQUENCE s5 TO pg_monitor WITH GRANT OPTION;
CREATE TABLE t (
  a integer
);
ALTER TABLE t OWNER TO pg_monitor;
-- authorization change: who may use TABLE t changes
REVOKE GRANT OPTION FOR DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE t FROM pg_monitor;
CREATE TABLE u (
  a integer
);
ALTER TABLE u OWNER TO pg_monitor;
REVOKE DELETE, INSERT, MAINTAIN, REFERENCES, TRIGGER, TRUNCATE, UPDATE ON TABLE u FROM pg_monitor;
GRANT DELETE, INSERT, MAINTAIN, REFERENCES, TRIGGER, TRUNCATE, UPDATE ON TABLE u TO pg_monitor WITH GRANT OPTION;
-- authorization change: who may use TABLE u changes
REVOKE GRANT OPTION FOR SELECT ON TABLE u FROM pg_monitor;
CREATE TABLE v (
  a integer
);
ALTER TABLE v OWNER TO pg_monitor;
REVOKE DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE v FROM pg_monitor;
GRANT DELETE, INSERT, MAINTAIN, REFERENCES, TRIGGER, TRUNCATE, UPDATE ON TABLE v TO pg_monitor WITH GRANT OPTION;
-- authorization change: who may use TABLE v changes
REVOKE GRANT OPTION FOR SELECT ON TABLE v FROM pg_monitor;
CREATE TABLE w (
  a integer
);
ALTER TABLE w OWNER TO pg_monitor;
REVOKE DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE w FROM pg_monitor;
-- authorization change: who may use TABLE w changes
REVOKE GRANT OPTION FOR DELETE, INSERT, MAINTAIN, REFERENCES, SELECT, TRIGGER, TRUNCATE, UPDATE ON TABLE w FROM pg_monitor;
<=
-- Unanswered: data loss: deletes the data of table w
DROP TABLE w;
-- Unanswered: data loss: deletes the data of table v
DROP TABLE v;
-- Unanswered: data loss: deletes the data of table u
DROP TABLE u;
-- Unanswered: data loss: deletes the data of table t
DROP TABLE t;
-- Unanswered: data loss: deletes the data of sequence s5
DROP SEQUENCE s5;
-- Unanswered: data loss: deletes the data of sequence s4
DROP SEQUENCE s4;
-- Unanswered: data loss: deletes the data of sequence s3
DROP SEQUENCE s3;
