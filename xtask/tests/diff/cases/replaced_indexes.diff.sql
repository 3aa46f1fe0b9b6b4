--- indexes that are replaced
-- Unanswered: data loss: deletes the data of column "My App".u.b
ALTER TABLE "My App".u DROP COLUMN b;
ALTER TABLE "My App".u ADD COLUMN c integer;

-- Transaction: off
-- depends on rows: fails if the rows of "My App".u do not fit
-- index build: building "My App".u_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_a__new ON "My App".u USING btree (a, c);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX "My App".u_a;
  ALTER INDEX "My App".u_a__new RENAME TO u_a;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building "T b" takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY "T b__new" ON t USING btree (b COLLATE "C" text_pattern_ops) WHERE a > 1;
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX "T b";
  ALTER INDEX "T b__new" RENAME TO "T b";
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytes_ takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_b__new ON t USING btree (a, b);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytes_;
  ALTER INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_b__new RENAME TO an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytes_;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytesx takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY an_index_with_a_name_that_is_as_long_as_a_name_can_be_63__new_1 ON t USING btree (b, a);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytesx;
  ALTER INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63__new_1 RENAME TO an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytesx;
END
$swap$;
RESET lock_timeout;
-- index build: building expression takes time and I/O
CREATE INDEX CONCURRENTLY expression__new ON t USING btree ((a - c));
ALTER INDEX expression__new ALTER COLUMN 1 SET STATISTICS 300;
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX expression;
  ALTER INDEX expression__new RENAME TO expression;
END
$swap$;
RESET lock_timeout;
-- index build: building plain takes time and I/O
CREATE INDEX CONCURRENTLY plain__new ON t USING btree (c, b) WITH (fillfactor='70');
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX plain;
  ALTER INDEX plain__new RENAME TO plain;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_a__new_1 ON t USING btree (a) NULLS NOT DISTINCT;
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX t_a;
  ALTER INDEX t_a__new_1 RENAME TO t_a;
END
$swap$;
COMMENT ON INDEX t_a IS 'after';
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_c takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_c__new ON t USING btree (c) INCLUDE (b);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX t_c;
  ALTER INDEX t_c__new RENAME TO t_c;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of m do not fit
-- index build: building m_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY m_a__new ON m USING btree (a, b);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX m_a;
  ALTER INDEX m_a__new RENAME TO m_a;
END
$swap$;
RESET lock_timeout;
<=
ALTER TABLE "My App".u ADD COLUMN b integer;

-- Transaction: off
-- depends on rows: fails if the rows of "My App".u do not fit
-- index build: building "My App".u_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_a__new ON "My App".u USING btree (a);
-- index build: building "My App".u_gone takes time and I/O
CREATE INDEX CONCURRENTLY u_gone ON "My App".u USING btree (b);
-- depends on rows: fails if the rows of t do not fit
-- index build: building "T b" takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY "T b__new" ON t USING btree (b) WHERE a > 0;
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX "T b";
  ALTER INDEX "T b__new" RENAME TO "T b";
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytes_ takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_b__new ON t USING btree (a);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytes_;
  ALTER INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_b__new RENAME TO an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytes_;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytesx takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY an_index_with_a_name_that_is_as_long_as_a_name_can_be_63__new_1 ON t USING btree (b);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytesx;
  ALTER INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63__new_1 RENAME TO an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytesx;
END
$swap$;
RESET lock_timeout;
-- index build: building expression takes time and I/O
CREATE INDEX CONCURRENTLY expression__new ON t USING btree ((a + c));
ALTER INDEX expression__new ALTER COLUMN 1 SET STATISTICS 200;
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX expression;
  ALTER INDEX expression__new RENAME TO expression;
END
$swap$;
RESET lock_timeout;
-- index build: building plain takes time and I/O
CREATE INDEX CONCURRENTLY plain__new ON t USING btree (c) WITH (fillfactor='70');
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX plain;
  ALTER INDEX plain__new RENAME TO plain;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_a__new_1 ON t USING btree (a);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX t_a;
  ALTER INDEX t_a__new_1 RENAME TO t_a;
END
$swap$;
COMMENT ON INDEX t_a IS 'before';
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_c takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_c__new ON t USING btree (c) INCLUDE (a);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX t_c;
  ALTER INDEX t_c__new RENAME TO t_c;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of m do not fit
-- index build: building m_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY m_a__new ON m USING btree (a);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX m_a;
  ALTER INDEX m_a__new RENAME TO m_a;
END
$swap$;
RESET lock_timeout;

-- Unanswered: data loss: deletes the data of column "My App".u.c
ALTER TABLE "My App".u DROP COLUMN c;
ALTER INDEX "My App".u_a__new RENAME TO u_a;
--- keys that are replaced
ALTER TABLE t ADD CONSTRAINT b_is_not_null CHECK (b IS NOT NULL) NOT VALID;

-- Transaction: off
-- depends on rows: fails if the rows of d do not fit
-- index build: building d_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY d_a__new ON d USING btree (a);
SET lock_timeout = '5s';
ALTER TABLE d DROP CONSTRAINT d_a, ADD CONSTRAINT d_a UNIQUE USING INDEX d_a__new DEFERRABLE INITIALLY DEFERRED;
RESET lock_timeout;
-- depends on rows: fails if the rows of i do not fit
-- index build: building i_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY i_a__new ON i USING btree (a);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX i_a;
  ALTER TABLE i ADD CONSTRAINT i_a UNIQUE USING INDEX i_a__new;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of k do not fit
-- index build: building k_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k_a__new ON k USING btree (a);
SET lock_timeout = '5s';
ALTER TABLE k DROP CONSTRAINT k_a, ADD CONSTRAINT k_a PRIMARY KEY USING INDEX k_a__new;
RESET lock_timeout;

-- depends on rows: fails if the rows of t.b do not fit
ALTER TABLE t VALIDATE CONSTRAINT b_is_not_null;
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT b_is_not_null;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_b takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_b__new ON t USING btree (b) NULLS NOT DISTINCT WITH (fillfactor='80');
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_b, ADD CONSTRAINT t_b UNIQUE USING INDEX t_b__new;
COMMENT ON CONSTRAINT t_b ON t IS 'unique';
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey__new ON t USING btree (a, b);
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey__new;
RESET lock_timeout;
<=
-- Transaction: off
-- depends on rows: fails if the rows of d do not fit
-- index build: building d_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY d_a__new ON d USING btree (a);
SET lock_timeout = '5s';
ALTER TABLE d DROP CONSTRAINT d_a, ADD CONSTRAINT d_a UNIQUE USING INDEX d_a__new;
RESET lock_timeout;
-- depends on rows: fails if the rows of i do not fit
-- index build: building i_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY i_a__new ON i USING btree (a) WHERE a > 0;
SET lock_timeout = '5s';
DO $swap$
BEGIN
  ALTER TABLE i DROP CONSTRAINT i_a;
  ALTER INDEX i_a__new RENAME TO i_a;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of k do not fit
-- index build: building k_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k_a__new ON k USING btree (a);
SET lock_timeout = '5s';
ALTER TABLE k DROP CONSTRAINT k_a, ADD CONSTRAINT k_a UNIQUE USING INDEX k_a__new;
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey__new ON t USING btree (a);
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_pkey, ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey__new;
RESET lock_timeout;

ALTER TABLE t ALTER COLUMN b DROP NOT NULL;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_b takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_b__new ON t USING btree (b) INCLUDE (a) WITH (fillfactor='70');
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT t_b, ADD CONSTRAINT t_b UNIQUE USING INDEX t_b__new;
COMMENT ON CONSTRAINT t_b ON t IS 'unique';
RESET lock_timeout;
--- a key that foreign keys and a view need, a replica identity and a clustered index
-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey__new ON t USING btree (a) INCLUDE (b);
-- depends on rows: fails if the rows of u do not fit
-- index build: building u_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_a__new ON u USING btree (a, b);

ALTER TABLE r DROP CONSTRAINT r_a;
ALTER TABLE u REPLICA IDENTITY DEFAULT;
DROP INDEX u_a;
ALTER INDEX u_a__new RENAME TO u_a;
ALTER TABLE u REPLICA IDENTITY USING INDEX u_a;
DROP VIEW v;
ALTER TABLE t DROP CONSTRAINT t_pkey;
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey__new;
ALTER TABLE r ADD CONSTRAINT r_a FOREIGN KEY (a) REFERENCES t(a) NOT VALID;
COMMENT ON CONSTRAINT r_a ON r IS 'refers';
ALTER TABLE t CLUSTER ON t_pkey;
CREATE VIEW v AS
 SELECT a,
    b
   FROM t
  GROUP BY a;
GRANT SELECT ON TABLE v TO pg_monitor;

-- depends on rows: fails if the rows of r do not fit
ALTER TABLE r VALIDATE CONSTRAINT r_a;
<=
-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey__new ON t USING btree (a);
-- depends on rows: fails if the rows of u do not fit
-- index build: building u_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_a__new ON u USING btree (a);

ALTER TABLE r DROP CONSTRAINT r_a;
ALTER TABLE u REPLICA IDENTITY DEFAULT;
DROP INDEX u_a;
ALTER INDEX u_a__new RENAME TO u_a;
ALTER TABLE u REPLICA IDENTITY USING INDEX u_a;
DROP VIEW v;
ALTER TABLE t DROP CONSTRAINT t_pkey;
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey__new;
ALTER TABLE r ADD CONSTRAINT r_a FOREIGN KEY (a) REFERENCES t(a) NOT VALID;
COMMENT ON CONSTRAINT r_a ON r IS 'refers';
ALTER TABLE t CLUSTER ON t_pkey;
CREATE VIEW v AS
 SELECT a,
    b
   FROM t
  GROUP BY a;
GRANT SELECT ON TABLE v TO pg_monitor;

-- depends on rows: fails if the rows of r do not fit
ALTER TABLE r VALIDATE CONSTRAINT r_a;
--- indexes and keys of partitioned tables that are replaced
-- Transaction: off
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building p1_a_b_key takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p1_a_b_key ON p1 USING btree (a, b);
-- index build: building p1_b_idx takes time and I/O
CREATE INDEX CONCURRENTLY p1_b_idx__new ON p1 USING btree (b DESC);
-- depends on rows: fails if the rows of p2a do not fit
-- index build: building p2a_a_b_key takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p2a_a_b_key ON p2a USING btree (a, b);
-- index build: building p2a_b_idx takes time and I/O
CREATE INDEX CONCURRENTLY p2a_b_idx__new ON p2a USING btree (b DESC);

ALTER TABLE p DROP CONSTRAINT p_key;
-- index build: building p_key takes time and I/O
ALTER TABLE ONLY p ADD CONSTRAINT p_key UNIQUE (a, b);
-- index build: building p2_a_b_key takes time and I/O
ALTER TABLE ONLY p2 ADD CONSTRAINT p2_a_b_key UNIQUE (a, b);
DROP INDEX p_b;
ALTER INDEX p1_b_idx__new RENAME TO p1_b_idx;
ALTER INDEX p2a_b_idx__new RENAME TO p2a_b_idx;
-- index build: building p_b takes time and I/O
CREATE INDEX p_b ON ONLY p USING btree (b DESC);
ALTER INDEX p_b ATTACH PARTITION p1_b_idx;
-- index build: building p2_b_idx takes time and I/O
CREATE INDEX p2_b_idx ON ONLY p2 USING btree (b DESC);
ALTER INDEX p2_b_idx ATTACH PARTITION p2a_b_idx;
ALTER INDEX p_b ATTACH PARTITION p2_b_idx;
ALTER TABLE p1 ADD CONSTRAINT p1_a_b_key UNIQUE USING INDEX p1_a_b_key;
ALTER INDEX p_key ATTACH PARTITION p1_a_b_key;
ALTER TABLE p2a ADD CONSTRAINT p2a_a_b_key UNIQUE USING INDEX p2a_a_b_key;
ALTER INDEX p2_a_b_key ATTACH PARTITION p2a_a_b_key;
ALTER INDEX p_key ATTACH PARTITION p2_a_b_key;
<=
-- Transaction: off
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building p1_a_key takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p1_a_key ON p1 USING btree (a);
-- index build: building p1_b_idx takes time and I/O
CREATE INDEX CONCURRENTLY p1_b_idx__new ON p1 USING btree (b);
-- depends on rows: fails if the rows of p2a do not fit
-- index build: building p2a_a_key takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p2a_a_key ON p2a USING btree (a);
-- index build: building p2a_b_idx takes time and I/O
CREATE INDEX CONCURRENTLY p2a_b_idx__new ON p2a USING btree (b);

ALTER TABLE p DROP CONSTRAINT p_key;
-- index build: building p_key takes time and I/O
ALTER TABLE ONLY p ADD CONSTRAINT p_key UNIQUE (a);
-- index build: building p2_a_key takes time and I/O
ALTER TABLE ONLY p2 ADD CONSTRAINT p2_a_key UNIQUE (a);
DROP INDEX p_b;
ALTER INDEX p1_b_idx__new RENAME TO p1_b_idx;
ALTER INDEX p2a_b_idx__new RENAME TO p2a_b_idx;
-- index build: building p_b takes time and I/O
CREATE INDEX p_b ON ONLY p USING btree (b);
ALTER INDEX p_b ATTACH PARTITION p1_b_idx;
-- index build: building p2_b_idx takes time and I/O
CREATE INDEX p2_b_idx ON ONLY p2 USING btree (b);
ALTER INDEX p2_b_idx ATTACH PARTITION p2a_b_idx;
ALTER INDEX p_b ATTACH PARTITION p2_b_idx;
ALTER TABLE p1 ADD CONSTRAINT p1_a_key UNIQUE USING INDEX p1_a_key;
ALTER INDEX p_key ATTACH PARTITION p1_a_key;
ALTER TABLE p2a ADD CONSTRAINT p2a_a_key UNIQUE USING INDEX p2a_a_key;
ALTER INDEX p2_a_key ATTACH PARTITION p2a_a_key;
ALTER INDEX p_key ATTACH PARTITION p2_a_key;
--- an index whose function is replaced, and one whose column becomes another
-- index dropped: queries that use t_f become slower
DROP INDEX t_f;
ALTER TABLE t DROP COLUMN c;
DROP FUNCTION f(integer);
CREATE OR REPLACE FUNCTION public.f(n integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN n;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ADD COLUMN c integer GENERATED ALWAYS AS (b) STORED;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_c takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_c ON t USING btree (c, b);
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_f takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_f ON t USING btree (f(a), b);
<=
-- index dropped: queries that use t_f become slower
DROP INDEX t_f;
ALTER TABLE t DROP COLUMN c;
DROP FUNCTION f(integer);
CREATE OR REPLACE FUNCTION public.f(a integer)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
RETURN a;
-- table rewrite: t is rewritten under an ACCESS EXCLUSIVE lock
ALTER TABLE t ADD COLUMN c integer GENERATED ALWAYS AS (a) STORED;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_c takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_c ON t USING btree (c);
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_f takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_f ON t USING btree (f(a));
--- keys and indexes that are replaced offline
-- index dropped: queries that use t_a become slower
DROP INDEX t_a;
-- index dropped: queries that use t_b become slower
ALTER TABLE t DROP CONSTRAINT t_b;
ALTER TABLE r DROP CONSTRAINT r_a;
-- index dropped: queries that use t_pkey become slower
ALTER TABLE t DROP CONSTRAINT t_pkey;
-- depends on rows: fails if the rows of r do not fit
-- blocking lock: r is scanned while writes are blocked
ALTER TABLE r ADD CONSTRAINT r_a_check CHECK (a > 0);
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_b takes time and I/O
-- blocking lock: t is scanned while writes are blocked
ALTER TABLE t ADD CONSTRAINT t_b UNIQUE (b, a);
-- depends on rows: fails if the rows of t do not fit
-- blocking lock: t is scanned while writes are blocked
ALTER TABLE t ADD CONSTRAINT t_b_check CHECK (b > 0);
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
-- blocking lock: t is scanned while writes are blocked
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (a) INCLUDE (b);
-- depends on rows: fails if the rows of r do not fit
-- blocking lock: r is scanned while writes are blocked
ALTER TABLE r ADD CONSTRAINT r_a FOREIGN KEY (a) REFERENCES t(a);
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_a takes time and I/O
-- blocking lock: t is scanned while writes are blocked
CREATE UNIQUE INDEX t_a ON t USING btree (a, b);
ALTER INDEX t_b SET (fillfactor=70);
<=
-- index dropped: queries that use t_a become slower
DROP INDEX t_a;
ALTER TABLE t DROP CONSTRAINT t_b_check;
-- index dropped: queries that use t_b become slower
ALTER TABLE t DROP CONSTRAINT t_b;
ALTER TABLE r DROP CONSTRAINT r_a;
-- index dropped: queries that use t_pkey become slower
ALTER TABLE t DROP CONSTRAINT t_pkey;
ALTER TABLE r DROP CONSTRAINT r_a_check;
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_b takes time and I/O
-- blocking lock: t is scanned while writes are blocked
ALTER TABLE t ADD CONSTRAINT t_b UNIQUE (b);
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
-- blocking lock: t is scanned while writes are blocked
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (a);
-- depends on rows: fails if the rows of r do not fit
-- blocking lock: r is scanned while writes are blocked
ALTER TABLE r ADD CONSTRAINT r_a FOREIGN KEY (a) REFERENCES t;
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_a takes time and I/O
-- blocking lock: t is scanned while writes are blocked
CREATE UNIQUE INDEX t_a ON t USING btree (a);
ALTER INDEX t_b SET (fillfactor=70);
--- an index of a partitioned table gets another column, and one of another table too
-- Transaction: off
-- index build: building p1_b_a_idx takes time and I/O
CREATE INDEX CONCURRENTLY p1_b_a_idx ON p1 USING btree (b, a);
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_x takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_x__new ON t USING btree (x, y);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX t_x;
  ALTER INDEX t_x__new RENAME TO t_x;
END
$swap$;
RESET lock_timeout;

DROP INDEX p_b;
-- index build: building p_b takes time and I/O
CREATE INDEX p_b ON ONLY p USING btree (b, a);
ALTER INDEX p_b ATTACH PARTITION p1_b_a_idx;
<=
-- Transaction: off
-- index build: building p1_b_idx takes time and I/O
CREATE INDEX CONCURRENTLY p1_b_idx ON p1 USING btree (b);
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_x takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_x__new ON t USING btree (x);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX t_x;
  ALTER INDEX t_x__new RENAME TO t_x;
END
$swap$;
RESET lock_timeout;

DROP INDEX p_b;
-- index build: building p_b takes time and I/O
CREATE INDEX p_b ON ONLY p USING btree (b);
ALTER INDEX p_b ATTACH PARTITION p1_b_idx;
--- settings of keys and indexes that stay
ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 300;
ALTER INDEX i RENAME TO k;
ALTER INDEX k ALTER COLUMN 1 SET STATISTICS -1;
ALTER INDEX t_a RESET (deduplicate_items);
ALTER INDEX t_b RESET (fillfactor);
<=
ALTER INDEX k RENAME TO i;
ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 100;
ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 200;
ALTER INDEX t_a SET (deduplicate_items=off);
ALTER INDEX t_b SET (fillfactor=70);
--- the name of an index goes to one of a partitioned table
ALTER TABLE r DROP CONSTRAINT r_i;
-- index dropped: queries that use i become slower
DROP INDEX i;
-- index build: building i takes time and I/O
CREATE UNIQUE INDEX i ON ONLY p USING btree (a, b);

-- Transaction: off
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building p1_a_b_idx takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p1_a_b_idx ON p1 USING btree (a, b);

ALTER INDEX i ATTACH PARTITION p1_a_b_idx;
ALTER TABLE r ADD CONSTRAINT r_i FOREIGN KEY (a, b) REFERENCES p(a, b) NOT VALID;

-- depends on rows: fails if the rows of r do not fit
ALTER TABLE r VALIDATE CONSTRAINT r_i;
<=
ALTER TABLE r DROP CONSTRAINT r_i;
-- index dropped: queries that use i become slower
DROP INDEX i;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building i takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY i ON t USING btree (a, b);

ALTER TABLE r ADD CONSTRAINT r_i FOREIGN KEY (a, b) REFERENCES t(a, b) NOT VALID;

-- depends on rows: fails if the rows of r do not fit
ALTER TABLE r VALIDATE CONSTRAINT r_i;
--- an index like the one that a partition gets
-- Transaction: off
-- index build: building p1_b_idx takes time and I/O
CREATE INDEX CONCURRENTLY p1_b_idx ON p1 USING btree (b);
-- index build: building p1_own takes time and I/O
CREATE INDEX CONCURRENTLY p1_own__new ON p1 USING btree (b);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX p1_own;
  ALTER INDEX p1_own__new RENAME TO p1_own;
END
$swap$;
RESET lock_timeout;

ALTER TABLE p1 ADD CONSTRAINT p1_belongs CHECK (((a IS NOT NULL) AND (a = 1))) NOT VALID;

-- Transaction: off
-- index build: building p2_own takes time and I/O
CREATE INDEX CONCURRENTLY p2_own__new ON p2 USING btree (b);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX p2_own;
  ALTER INDEX p2_own__new RENAME TO p2_own;
END
$swap$;
RESET lock_timeout;

ALTER TABLE p2 ADD CONSTRAINT p2_belongs CHECK (((a IS NOT NULL) AND (a = 2))) NOT VALID;

-- depends on rows: fails if the rows of p1 do not fit
ALTER TABLE p1 VALIDATE CONSTRAINT p1_belongs;
-- depends on rows: fails if the rows of p2 do not fit
ALTER TABLE p2 VALIDATE CONSTRAINT p2_belongs;
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
ALTER TABLE p1 DROP CONSTRAINT p1_belongs;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES IN (2);
ALTER TABLE p2 DROP CONSTRAINT p2_belongs;
<=
ALTER TABLE p DETACH PARTITION p1;
ALTER TABLE p DETACH PARTITION p2;
-- index dropped: queries that use p1_b_idx become slower
DROP INDEX p1_b_idx;
--- the comment of an index and of a constraint that get another name
COMMENT ON CONSTRAINT u ON t IS NULL;
COMMENT ON INDEX i IS NULL;
ALTER TABLE t RENAME CONSTRAINT u TO u2;
ALTER TABLE t RENAME CONSTRAINT v TO v2;
ALTER INDEX i RENAME TO i2;
ALTER INDEX j RENAME TO j2;
COMMENT ON CONSTRAINT v2 ON t IS 'has changed';
<=
ALTER TABLE t RENAME CONSTRAINT u2 TO u;
ALTER TABLE t RENAME CONSTRAINT v2 TO v;
ALTER INDEX i2 RENAME TO i;
ALTER INDEX j2 RENAME TO j;
COMMENT ON INDEX i IS 'goes';
COMMENT ON CONSTRAINT u ON t IS 'goes';
COMMENT ON CONSTRAINT v ON t IS 'changes';
--- indexes that get the names of others, and marks that stay
ALTER INDEX ix RENAME TO iy;
ALTER INDEX iz RENAME TO ix;
<=
ALTER INDEX ix RENAME TO iz;
ALTER INDEX iy RENAME TO ix;
--- a primary key with another name is built beside the old one
-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_id_key takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_id_key ON t USING btree (id);
-- depends on rows: fails if the rows of t do not fit
-- index build: building two takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY two__new ON t USING btree (id, tenant);
-- depends on rows: fails if the rows of u do not fit
-- index build: building u_two takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_two__new ON u USING btree (id, tenant);
SET lock_timeout = '5s';
ALTER TABLE u DROP CONSTRAINT u_one, ADD CONSTRAINT u_two PRIMARY KEY USING INDEX u_two__new;
RESET lock_timeout;

ALTER TABLE referring DROP CONSTRAINT referring_id_fkey;
ALTER TABLE t DROP CONSTRAINT one;
ALTER TABLE t ADD CONSTRAINT two PRIMARY KEY USING INDEX two__new;
ALTER TABLE t ADD CONSTRAINT t_id_key UNIQUE USING INDEX t_id_key;
ALTER TABLE referring ADD CONSTRAINT referring_id_fkey FOREIGN KEY (id) REFERENCES t(id) NOT VALID;

-- depends on rows: fails if the rows of referring do not fit
ALTER TABLE referring VALIDATE CONSTRAINT referring_id_fkey;
<=
ALTER TABLE referring DROP CONSTRAINT referring_id_fkey;
-- index dropped: queries that use t_id_key become slower
ALTER TABLE t DROP CONSTRAINT t_id_key;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building one takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY one__new ON t USING btree (id);
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT two, ADD CONSTRAINT one PRIMARY KEY USING INDEX one__new;
RESET lock_timeout;

ALTER TABLE referring ADD CONSTRAINT referring_id_fkey FOREIGN KEY (id) REFERENCES t(id) NOT VALID;

-- Transaction: off
-- depends on rows: fails if the rows of u do not fit
-- index build: building u_one takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_one__new ON u USING btree (id);
SET lock_timeout = '5s';
ALTER TABLE u DROP CONSTRAINT u_two, ADD CONSTRAINT u_one PRIMARY KEY USING INDEX u_one__new;
RESET lock_timeout;

-- depends on rows: fails if the rows of referring do not fit
ALTER TABLE referring VALIDATE CONSTRAINT referring_id_fkey;
--- a primary key with another name, whose name another key gets
-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building k1 takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k1__new ON t USING btree (a, b);
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT k1, ADD CONSTRAINT k1 UNIQUE USING INDEX k1__new;
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building k3 takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k3 ON t USING btree (b);

ALTER TABLE t ADD CONSTRAINT k3 PRIMARY KEY USING INDEX k3;
<=
-- index dropped: queries that use k3 become slower
ALTER TABLE t DROP CONSTRAINT k3;
-- index dropped: queries that use k1 become slower
ALTER TABLE t DROP CONSTRAINT k1;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building k1 takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k1 ON t USING btree (a);

ALTER TABLE t ADD CONSTRAINT k1 PRIMARY KEY USING INDEX k1;
--- a primary key with another name, whose name an index gets
-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building k3 takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k3 ON t USING btree (b);
-- index build: building k1 takes time and I/O
CREATE INDEX CONCURRENTLY k1__new ON t USING btree (b, a);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  ALTER TABLE t DROP CONSTRAINT k1;
  ALTER INDEX k1__new RENAME TO k1;
END
$swap$;
RESET lock_timeout;

ALTER TABLE t ADD CONSTRAINT k3 PRIMARY KEY USING INDEX k3;
<=
-- index dropped: queries that use k1 become slower
DROP INDEX k1;
-- index dropped: queries that use k3 become slower
ALTER TABLE t DROP CONSTRAINT k3;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building k1 takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k1 ON t USING btree (a);

ALTER TABLE t ADD CONSTRAINT k1 PRIMARY KEY USING INDEX k1;
--- a primary key and a check exchange names
-- index dropped: queries that use k1 become slower
ALTER TABLE t DROP CONSTRAINT k1;
ALTER TABLE t RENAME CONSTRAINT k3 TO k1;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building k3 takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k3 ON t USING btree (b);

ALTER TABLE t ADD CONSTRAINT k3 PRIMARY KEY USING INDEX k3;
<=
-- index dropped: queries that use k3 become slower
ALTER TABLE t DROP CONSTRAINT k3;
ALTER TABLE t RENAME CONSTRAINT k1 TO k3;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building k1 takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k1 ON t USING btree (a);

ALTER TABLE t ADD CONSTRAINT k1 PRIMARY KEY USING INDEX k1;
--- the rows of a view are identified by a primary key with another name and one column more
ALTER TABLE t ADD CONSTRAINT j_is_not_null CHECK (j IS NOT NULL) NOT VALID;

-- depends on rows: fails if the rows of t.j do not fit
ALTER TABLE t VALIDATE CONSTRAINT j_is_not_null;
ALTER TABLE t ALTER COLUMN j SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT j_is_not_null;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building b takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY b__new ON t USING btree (id, j);

DROP VIEW w;
ALTER TABLE t DROP CONSTRAINT a;
ALTER TABLE t ADD CONSTRAINT b PRIMARY KEY USING INDEX b__new;
CREATE VIEW w AS
 SELECT id,
    j,
    v
   FROM t
  GROUP BY id, j;
<=
-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY a__new ON t USING btree (id);

DROP VIEW w;
ALTER TABLE t DROP CONSTRAINT b;
ALTER TABLE t ADD CONSTRAINT a PRIMARY KEY USING INDEX a__new;
ALTER TABLE t ALTER COLUMN j DROP NOT NULL;
CREATE VIEW w AS
 SELECT id,
    j,
    v
   FROM t
  GROUP BY id;
--- a rule names a primary key that gets another name and one column more
ALTER TABLE t ADD CONSTRAINT j_is_not_null CHECK (j IS NOT NULL) NOT VALID;

-- depends on rows: fails if the rows of t.j do not fit
ALTER TABLE t VALIDATE CONSTRAINT j_is_not_null;
ALTER TABLE t ALTER COLUMN j SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT j_is_not_null;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building b takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY b__new ON t USING btree (id, j);

DROP RULE r ON u;
ALTER TABLE t DROP CONSTRAINT a;
ALTER TABLE t ADD CONSTRAINT b PRIMARY KEY USING INDEX b__new;
CREATE RULE r AS
    ON INSERT TO u DO  INSERT INTO t (id, j, v)
  VALUES (new.id, new.j, new.v) ON CONFLICT ON CONSTRAINT b DO NOTHING;
<=
-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY a__new ON t USING btree (id);

DROP RULE r ON u;
ALTER TABLE t DROP CONSTRAINT b;
ALTER TABLE t ADD CONSTRAINT a PRIMARY KEY USING INDEX a__new;
ALTER TABLE t ALTER COLUMN j DROP NOT NULL;
CREATE RULE r AS
    ON INSERT TO u DO  INSERT INTO t (id, j, v)
  VALUES (new.id, new.j, new.v) ON CONFLICT ON CONSTRAINT a DO NOTHING;
