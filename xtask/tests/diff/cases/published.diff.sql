--- published tables whose primary key is replaced
CREATE SEQUENCE p1_renamed_fill AS integer;
GRANT USAGE ON SEQUENCE p1_renamed_fill TO PUBLIC;
ALTER TABLE p1 ADD COLUMN renamed integer;
ALTER TABLE p1 ALTER COLUMN renamed SET DEFAULT nextval('p1_renamed_fill');
ALTER TABLE p2 ADD CONSTRAINT n_is_not_null CHECK (n IS NOT NULL) NOT VALID;
ALTER TABLE p3 ADD COLUMN g uuid;
ALTER TABLE p3 ALTER COLUMN g SET DEFAULT gen_random_uuid();
ALTER TABLE p3 ALTER COLUMN u SET DEFAULT 'y'::text;

-- Transaction: off
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('p1') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE p1 SET renamed = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND renamed IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('p3') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE p3 SET g = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND g IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;
-- depends on rows: fails if the rows of p3 do not fit
-- index build: building other takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY other__new ON p3 USING btree (n);
SET lock_timeout = '5s';
ALTER TABLE p3 DROP CONSTRAINT p3_pkey, ADD CONSTRAINT other PRIMARY KEY USING INDEX other__new;
RESET lock_timeout;

ALTER TABLE p3 ALTER COLUMN id DROP NOT NULL;
ALTER TABLE p1 ADD CONSTRAINT renamed_is_not_null CHECK (renamed IS NOT NULL) NOT VALID;

ALTER TABLE p1 VALIDATE CONSTRAINT renamed_is_not_null;
-- depends on rows: fails if the rows of p2.n do not fit
ALTER TABLE p2 VALIDATE CONSTRAINT n_is_not_null;
ALTER TABLE p1 ALTER COLUMN renamed SET NOT NULL;
ALTER TABLE p1 DROP CONSTRAINT renamed_is_not_null;
ALTER TABLE p1 ALTER COLUMN renamed DROP DEFAULT;
ALTER TABLE p1 ALTER COLUMN renamed ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('p1', 'renamed'), nextval('p1_renamed_fill'), false);
DROP SEQUENCE p1_renamed_fill;

-- Transaction: off
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building p1_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p1_pkey__new ON p1 USING btree (renamed);

-- Unanswered: data loss: deletes the data of column p1.id
ALTER TABLE p1 DROP COLUMN id;
ALTER TABLE p1 ADD CONSTRAINT p1_pkey PRIMARY KEY USING INDEX p1_pkey__new;
ALTER TABLE p2 ALTER COLUMN n SET NOT NULL;
ALTER TABLE p2 DROP CONSTRAINT n_is_not_null;

-- Transaction: off
-- depends on rows: fails if the rows of p2 do not fit
-- index build: building p2_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p2_pkey__new ON p2 USING btree (id, n);
SET lock_timeout = '5s';
ALTER TABLE p2 DROP CONSTRAINT p2_pkey, ADD CONSTRAINT p2_pkey PRIMARY KEY USING INDEX p2_pkey__new;
RESET lock_timeout;
<=
-- Unanswered: data loss: deletes the data of column p3.g
ALTER TABLE p3 DROP COLUMN g;
CREATE SEQUENCE p1_id_fill AS integer;
GRANT USAGE ON SEQUENCE p1_id_fill TO PUBLIC;
ALTER TABLE p1 ADD COLUMN id integer;
ALTER TABLE p1 ALTER COLUMN id SET DEFAULT nextval('p1_id_fill');
ALTER TABLE p3 ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;
ALTER TABLE p3 ALTER COLUMN u SET DEFAULT 'x'::text;

-- Transaction: off
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('p1') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE p1 SET id = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND id IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;
-- depends on rows: fails if the rows of p2 do not fit
-- index build: building p2_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p2_pkey__new ON p2 USING btree (id);
SET lock_timeout = '5s';
ALTER TABLE p2 DROP CONSTRAINT p2_pkey, ADD CONSTRAINT p2_pkey PRIMARY KEY USING INDEX p2_pkey__new;
RESET lock_timeout;

ALTER TABLE p2 ALTER COLUMN n DROP NOT NULL;
ALTER TABLE p1 ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;

ALTER TABLE p1 VALIDATE CONSTRAINT id_is_not_null;
-- depends on rows: fails if the rows of p3.id do not fit
ALTER TABLE p3 VALIDATE CONSTRAINT id_is_not_null;
ALTER TABLE p1 ALTER COLUMN id SET NOT NULL;
ALTER TABLE p1 DROP CONSTRAINT id_is_not_null;
ALTER TABLE p1 ALTER COLUMN id DROP DEFAULT;
ALTER TABLE p1 ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY;
SELECT setval(pg_get_serial_sequence('p1', 'id'), nextval('p1_id_fill'), false);
DROP SEQUENCE p1_id_fill;

-- Transaction: off
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building p1_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p1_pkey__new ON p1 USING btree (id);

-- Unanswered: data loss: deletes the data of column p1.renamed
ALTER TABLE p1 DROP COLUMN renamed;
ALTER TABLE p1 ADD CONSTRAINT p1_pkey PRIMARY KEY USING INDEX p1_pkey__new;
ALTER TABLE p3 ALTER COLUMN id SET NOT NULL;
ALTER TABLE p3 DROP CONSTRAINT id_is_not_null;

-- Transaction: off
-- depends on rows: fails if the rows of p3 do not fit
-- index build: building p3_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p3_pkey__new ON p3 USING btree (id);
SET lock_timeout = '5s';
ALTER TABLE p3 DROP CONSTRAINT other, ADD CONSTRAINT p3_pkey PRIMARY KEY USING INDEX p3_pkey__new;
RESET lock_timeout;
--- a published table and a partition whose replica identity is replaced
ALTER TABLE p1 REPLICA IDENTITY DEFAULT;
ALTER TABLE p1 REPLICA IDENTITY FULL;
-- index dropped: queries that use a become slower
DROP INDEX a;
ALTER TABLE p ADD COLUMN g uuid;
ALTER TABLE p ALTER COLUMN g SET DEFAULT gen_random_uuid();
ALTER TABLE p1 ADD COLUMN g uuid;
ALTER TABLE p1 ALTER COLUMN g SET DEFAULT gen_random_uuid();

-- Transaction: off
DO $backfill$
DECLARE
  page bigint := 0;
  size bigint := 1000;
  pages bigint := pg_relation_size('q') / current_setting('block_size')::bigint;
BEGIN
  WHILE page <= pages LOOP
    BEGIN
      UPDATE q SET g = DEFAULT
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
DO $backfill$
BEGIN
  FOR page IN 0 .. pg_relation_size('p1') / current_setting('block_size')::bigint BY 1000 LOOP
    UPDATE p1 SET g = DEFAULT
    WHERE ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + 1000)::tid
      AND g IS NULL;
    COMMIT;
  END LOOP;
END
$backfill$;
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building b takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY b ON p1 USING btree (n);

ALTER TABLE p1 REPLICA IDENTITY USING INDEX b;

-- Transaction: off
-- depends on rows: fails if the rows of q do not fit
-- index build: building q_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY q_pkey__new ON q USING btree (id, n);

ALTER TABLE p DROP CONSTRAINT p_pkey;
ALTER TABLE q ADD CONSTRAINT q_pkey PRIMARY KEY USING INDEX q_pkey__new;
-- index build: building other takes time and I/O
ALTER TABLE ONLY p ADD CONSTRAINT other PRIMARY KEY (id, n);
ALTER INDEX other ATTACH PARTITION q_pkey;
<=
ALTER TABLE p1 REPLICA IDENTITY DEFAULT;
ALTER TABLE p1 REPLICA IDENTITY FULL;
-- index dropped: queries that use b become slower
DROP INDEX b;
-- Unanswered: data loss: deletes the data of column p1.g
ALTER TABLE p1 DROP COLUMN g;
-- Unanswered: data loss: deletes the data of column p.g
ALTER TABLE p DROP COLUMN g;

-- Transaction: off
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY a ON p1 USING btree (id);

ALTER TABLE p1 REPLICA IDENTITY USING INDEX a;

-- Transaction: off
-- depends on rows: fails if the rows of q do not fit
-- index build: building q_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY q_pkey__new ON q USING btree (id);

ALTER TABLE p DROP CONSTRAINT other;
ALTER TABLE q ADD CONSTRAINT q_pkey PRIMARY KEY USING INDEX q_pkey__new;
-- index build: building p_pkey takes time and I/O
ALTER TABLE ONLY p ADD CONSTRAINT p_pkey PRIMARY KEY (id);
ALTER INDEX p_pkey ATTACH PARTITION q_pkey;
--- replica identities of partitions, of other kinds and with lists of columns
ALTER TABLE di REPLICA IDENTITY FULL;
ALTER TABLE id REPLICA IDENTITY DEFAULT;
ALTER TABLE id REPLICA IDENTITY FULL;
-- index dropped: queries that use wi become slower
DROP INDEX wi;
-- index dropped: queries that use dx become slower
ALTER TABLE di DROP CONSTRAINT dx;

-- Transaction: off
-- depends on rows: fails if the rows of di do not fit
-- index build: building n takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY n ON di USING btree (b);

ALTER TABLE di REPLICA IDENTITY USING INDEX n;

-- Transaction: off
-- depends on rows: fails if the rows of id do not fit
-- index build: building id_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY id_pkey ON id USING btree (b);
-- depends on rows: fails if the rows of l do not fit
-- index build: building ly takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY ly__new ON l USING btree (id, b);
SET lock_timeout = '5s';
ALTER TABLE l DROP CONSTRAINT lx, ADD CONSTRAINT ly PRIMARY KEY USING INDEX ly__new;
RESET lock_timeout;
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building y takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY y__new ON p1 USING btree (id, b);
SET lock_timeout = '5s';
ALTER TABLE p1 DROP CONSTRAINT x, ADD CONSTRAINT y PRIMARY KEY USING INDEX y__new;
RESET lock_timeout;

ALTER TABLE id ADD CONSTRAINT id_pkey PRIMARY KEY USING INDEX id_pkey;
ALTER TABLE id REPLICA IDENTITY DEFAULT;
<=
ALTER TABLE id REPLICA IDENTITY FULL;
-- index dropped: queries that use id_pkey become slower
ALTER TABLE id DROP CONSTRAINT id_pkey;
ALTER TABLE di REPLICA IDENTITY DEFAULT;
ALTER TABLE di REPLICA IDENTITY FULL;
-- index dropped: queries that use n become slower
DROP INDEX n;

-- Transaction: off
-- depends on rows: fails if the rows of di do not fit
-- index build: building dx takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY dx ON di USING btree (id);
-- depends on rows: fails if the rows of id do not fit
-- index build: building wi takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY wi ON id USING btree (id);

ALTER TABLE id REPLICA IDENTITY USING INDEX wi;

-- Transaction: off
-- depends on rows: fails if the rows of l do not fit
-- index build: building lx takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY lx__new ON l USING btree (id);
SET lock_timeout = '5s';
ALTER TABLE l DROP CONSTRAINT ly, ADD CONSTRAINT lx PRIMARY KEY USING INDEX lx__new;
RESET lock_timeout;
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building x takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY x__new ON p1 USING btree (id);
SET lock_timeout = '5s';
ALTER TABLE p1 DROP CONSTRAINT y, ADD CONSTRAINT x PRIMARY KEY USING INDEX x__new;
RESET lock_timeout;

ALTER TABLE di ADD CONSTRAINT dx PRIMARY KEY USING INDEX dx;
ALTER TABLE di REPLICA IDENTITY DEFAULT;
--- a column of a list is dropped
DROP PUBLICATION p;
-- Unanswered: data loss: deletes the data of column t.id
ALTER TABLE t DROP COLUMN id;
CREATE PUBLICATION p WITH (publish = 'insert, update, delete, truncate');
<=
ALTER TABLE t ADD COLUMN id integer;
ALTER PUBLICATION p SET TABLE t (id, s) WHERE (id > 0);
--- an unlogged table becomes logged with a key on a new column, and is published by that
CREATE SEQUENCE t2_id_seq AS integer;
ALTER TABLE t2 ADD COLUMN id integer;
ALTER TABLE t2 ALTER COLUMN id SET DEFAULT nextval('t2_id_seq'::regclass);

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

ALTER TABLE t2 ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;

ALTER TABLE t2 VALIDATE CONSTRAINT id_is_not_null;
ALTER TABLE t2 ALTER COLUMN id SET NOT NULL;
ALTER TABLE t2 DROP CONSTRAINT id_is_not_null;

-- Transaction: off
-- depends on rows: fails if the rows of t2 do not fit
-- index build: building t2_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t2_pkey ON t2 USING btree (id);

ALTER TABLE t2 ADD CONSTRAINT t2_pkey PRIMARY KEY USING INDEX t2_pkey;
-- table rewrite: t2 is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t2 SET LOGGED;
ALTER SEQUENCE t2_id_seq OWNED BY t2.id;
<=
-- Unanswered: data loss: deletes the data of column t2.id
ALTER TABLE t2 DROP COLUMN id;
-- table rewrite: t2 is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t2 SET UNLOGGED;
