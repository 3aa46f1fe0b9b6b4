--- constraints of a table in use
ALTER TABLE t ADD CONSTRAINT id_is_not_null CHECK (id IS NOT NULL) NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_n_check CHECK (n > 0) NOT VALID;
ALTER TABLE t ADD CONSTRAINT t_a_fkey FOREIGN KEY (a) REFERENCES a(id) NOT VALID;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_n_key takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_n_key ON t USING btree (n);

-- depends on rows: fails if the rows of t.id do not fit
ALTER TABLE t VALIDATE CONSTRAINT id_is_not_null;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT t_n_check;
-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT t_a_fkey;
ALTER TABLE t ALTER COLUMN id SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT id_is_not_null;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey ON t USING btree (id);

ALTER TABLE t ADD CONSTRAINT t_n_key UNIQUE USING INDEX t_n_key;
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;
<=
ALTER TABLE t DROP CONSTRAINT t_a_fkey;
-- index dropped: queries that use t_pkey become slower
ALTER TABLE t DROP CONSTRAINT t_pkey;
-- index dropped: queries that use t_n_key become slower
ALTER TABLE t DROP CONSTRAINT t_n_key;
ALTER TABLE t DROP CONSTRAINT t_n_check;
ALTER TABLE t ALTER COLUMN id DROP NOT NULL;
--- constraints are renamed, validated and made deferrable
ALTER TABLE t RENAME CONSTRAINT one TO other;
ALTER TABLE t ALTER CONSTRAINT f DEFERRABLE INITIALLY DEFERRED;

-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT later;
<=
ALTER TABLE t DROP CONSTRAINT later;
ALTER TABLE t ADD CONSTRAINT later CHECK (n < 100) NOT VALID;
ALTER TABLE t RENAME CONSTRAINT other TO one;
ALTER TABLE t ALTER CONSTRAINT f NOT DEFERRABLE;
--- indexes are built, renamed and dropped
-- index dropped: queries that use gone become slower
DROP INDEX gone;
ALTER INDEX one RENAME TO other;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building made takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY made ON t USING btree (lower(b)) INCLUDE (a) WHERE a > 0;
COMMENT ON INDEX made IS 'for search';
<=
-- index dropped: queries that use made become slower
DROP INDEX made;
ALTER INDEX other RENAME TO one;

-- Transaction: off
-- index build: building gone takes time and I/O
CREATE INDEX CONCURRENTLY gone ON t USING btree (b);
--- an index becomes a key
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_pkey;
ALTER TABLE u ADD CONSTRAINT a_is_not_null CHECK (a IS NOT NULL) NOT VALID;
ALTER TABLE u ADD CONSTRAINT b_is_not_null CHECK (b IS NOT NULL) NOT VALID;
ALTER TABLE u ADD CONSTRAINT u_key UNIQUE USING INDEX u_c DEFERRABLE;

-- depends on rows: fails if the rows of u.a do not fit
ALTER TABLE u VALIDATE CONSTRAINT a_is_not_null;
-- depends on rows: fails if the rows of u.b do not fit
ALTER TABLE u VALIDATE CONSTRAINT b_is_not_null;
ALTER TABLE u ALTER COLUMN a SET NOT NULL;
ALTER TABLE u DROP CONSTRAINT a_is_not_null;
ALTER TABLE u ALTER COLUMN b SET NOT NULL;
ALTER TABLE u DROP CONSTRAINT b_is_not_null;

-- Transaction: off
-- depends on rows: fails if the rows of u do not fit
-- index build: building u_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_a ON u USING btree (a, b);
-- depends on rows: fails if the rows of u do not fit
-- index build: building u_descending takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_descending__new ON u USING btree (c, b);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX u_descending;
  ALTER INDEX u_descending__new RENAME TO u_descending;
END
$swap$;
RESET lock_timeout;
-- index build: building u_index takes time and I/O
CREATE INDEX CONCURRENTLY u_index__new ON u USING btree (b);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX u_index;
  ALTER INDEX u_index__new RENAME TO u_index;
END
$swap$;
RESET lock_timeout;

ALTER TABLE u ADD CONSTRAINT u_a PRIMARY KEY USING INDEX u_a;
COMMENT ON CONSTRAINT u_a ON u IS 'both';
<=
-- index dropped: queries that use u_a become slower
ALTER TABLE u DROP CONSTRAINT u_a;
ALTER TABLE u ALTER COLUMN a DROP NOT NULL;
ALTER TABLE u ALTER COLUMN b DROP NOT NULL;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_pkey__new ON t USING btree (a);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  ALTER TABLE t DROP CONSTRAINT t_pkey;
  ALTER INDEX t_pkey__new RENAME TO t_pkey;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of u do not fit
-- index build: building u_c takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_c ON u USING btree (c) WITH (fillfactor='70');
-- depends on rows: fails if the rows of u do not fit
-- index build: building u_descending takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_descending__new ON u USING btree (c DESC);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX u_descending;
  ALTER INDEX u_descending__new RENAME TO u_descending;
END
$swap$;
RESET lock_timeout;
-- depends on rows: fails if the rows of u do not fit
-- index build: building u_index takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY u_index__new ON u USING btree (a, b);
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX u_index;
  ALTER INDEX u_index__new RENAME TO u_index;
END
$swap$;
RESET lock_timeout;

ALTER TABLE u DROP CONSTRAINT u_key;
--- the index of a partitioned table becomes a key
-- Transaction: off
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building p1_pkey takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p1_pkey ON p1 USING btree (a);

DROP INDEX p_key;
-- index build: building p_key takes time and I/O
ALTER TABLE ONLY p ADD CONSTRAINT p_key PRIMARY KEY (a);
ALTER TABLE p1 ADD CONSTRAINT p1_pkey PRIMARY KEY USING INDEX p1_pkey;
ALTER INDEX p_key ATTACH PARTITION p1_pkey;
<=
-- Transaction: off
-- depends on rows: fails if the rows of p1 do not fit
-- index build: building p1_a_idx takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY p1_a_idx ON p1 USING btree (a);

ALTER TABLE p DROP CONSTRAINT p_key;
-- index build: building p_key takes time and I/O
CREATE UNIQUE INDEX p_key ON ONLY p USING btree (a);
ALTER INDEX p_key ATTACH PARTITION p1_a_idx;
--- a function that a constraint uses
-- index dropped: queries that use t_f become slower
DROP INDEX t_f;
ALTER TABLE t DROP CONSTRAINT t_a_check;
ALTER TABLE t ALTER COLUMN b DROP DEFAULT;
DROP FUNCTION f(integer);
CREATE OR REPLACE FUNCTION public.f(n integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN (n > 1);
ALTER TABLE t ALTER COLUMN b SET DEFAULT f(1);
ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (f(a)) NOT VALID;

-- Transaction: off
-- index build: building t_f takes time and I/O
CREATE INDEX CONCURRENTLY t_f ON t USING btree (f(a));

-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT t_a_check;
<=
-- index dropped: queries that use t_f become slower
DROP INDEX t_f;
ALTER TABLE t DROP CONSTRAINT t_a_check;
ALTER TABLE t ALTER COLUMN b DROP DEFAULT;
DROP FUNCTION f(integer);
CREATE OR REPLACE FUNCTION public.f(a integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN (a > 0);
ALTER TABLE t ALTER COLUMN b SET DEFAULT f(1);
ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (f(a)) NOT VALID;

-- Transaction: off
-- index build: building t_f takes time and I/O
CREATE INDEX CONCURRENTLY t_f ON t USING btree (f(a));

-- depends on rows: fails if the rows of t do not fit
ALTER TABLE t VALIDATE CONSTRAINT t_a_check;
--- partitions and their indexes
ALTER TABLE p1 ADD CONSTRAINT p1_belongs CHECK (((a IS NOT NULL) AND (a = ANY (ARRAY[1, 3])))) NOT VALID;

-- depends on rows: fails if the rows of p1 do not fit
ALTER TABLE p1 VALIDATE CONSTRAINT p1_belongs;
ALTER TABLE p DETACH PARTITION p1;
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1, 3);
ALTER TABLE p1 DROP CONSTRAINT p1_belongs;
ALTER TABLE p ADD COLUMN c text;
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
-- index build: building p_b takes time and I/O
CREATE INDEX p_b ON ONLY p USING btree (b);
CREATE INDEX p2_b_idx ON p2 USING btree (b);
ALTER INDEX p_b ATTACH PARTITION p2_b_idx;

-- Transaction: off
-- index build: building p1_b_idx takes time and I/O
CREATE INDEX CONCURRENTLY p1_b_idx ON p1 USING btree (b);

ALTER INDEX p_b ATTACH PARTITION p1_b_idx;
<=
-- Unanswered: data loss: deletes the data of table p2
DROP TABLE p2;
-- index dropped: queries that use p_b become slower
DROP INDEX p_b;
-- Unanswered: data loss: deletes the data of column p.c
ALTER TABLE p DROP COLUMN c;
ALTER TABLE p1 ADD CONSTRAINT p1_belongs CHECK (((a IS NOT NULL) AND (a = 1))) NOT VALID;

-- depends on rows: fails if the rows of p1 do not fit
ALTER TABLE p1 VALIDATE CONSTRAINT p1_belongs;
ALTER TABLE p DETACH PARTITION p1;
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1);
ALTER TABLE p1 DROP CONSTRAINT p1_belongs;
--- a partition leaves and another table comes
ALTER TABLE p DETACH PARTITION p1;
ALTER TABLE p2 ADD CONSTRAINT p2_belongs CHECK (((a IS NOT NULL) AND (a >= 2) AND (a < 3))) NOT VALID;

-- depends on rows: fails if the rows of p2 do not fit
ALTER TABLE p2 VALIDATE CONSTRAINT p2_belongs;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (2) TO (3);
ALTER TABLE p2 DROP CONSTRAINT p2_belongs;
<=
ALTER TABLE p DETACH PARTITION p2;
ALTER TABLE p1 ADD CONSTRAINT p1_belongs CHECK (((a IS NOT NULL) AND (a >= 1) AND (a < 2))) NOT VALID;

-- depends on rows: fails if the rows of p1 do not fit
ALTER TABLE p1 VALIDATE CONSTRAINT p1_belongs;
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (1) TO (2);
ALTER TABLE p1 DROP CONSTRAINT p1_belongs;
--- a column that an expression or a condition uses is dropped
-- Unanswered: data loss: deletes the data of column u.a
ALTER TABLE u DROP COLUMN a;
-- Unanswered: data loss: deletes the data of column u.b
ALTER TABLE u DROP COLUMN b;
-- index dropped: queries that use by_expression become slower
ALTER TABLE t DROP CONSTRAINT by_expression;
-- Unanswered: data loss: deletes the data of column t.name
ALTER TABLE t DROP COLUMN name;
<=
ALTER TABLE t ADD COLUMN name text;
-- depends on rows: fails if the rows of t do not fit
-- index build: building by_expression takes time and I/O
-- blocking lock: t is scanned while writes are blocked
ALTER TABLE t ADD CONSTRAINT by_expression EXCLUDE USING btree (lower(name) WITH =) WHERE (name <> ''::text);
ALTER TABLE u ADD COLUMN a integer;
ALTER TABLE u ADD COLUMN b text;
-- depends on rows: fails if the rows of u do not fit
-- index build: building by_condition takes time and I/O
-- blocking lock: u is scanned while writes are blocked
ALTER TABLE u ADD CONSTRAINT by_condition EXCLUDE USING btree (a WITH =) WHERE (b <> ''::text);
--- a column gets NOT NULL and a default, or loses both
CREATE OR REPLACE FUNCTION public.one()
 RETURNS text
 LANGUAGE sql
RETURN '1'::text;
ALTER TABLE t ALTER COLUMN b TYPE text;
ALTER TABLE t ALTER COLUMN c DROP NOT NULL;
ALTER TABLE t ALTER COLUMN c DROP DEFAULT;
ALTER TABLE t ALTER COLUMN a SET DEFAULT 1;
ALTER TABLE t ADD CONSTRAINT a_is_not_null CHECK (a IS NOT NULL) NOT VALID;
ALTER TABLE t ALTER COLUMN b SET DEFAULT one();
ALTER TABLE t ADD CONSTRAINT b_is_not_null CHECK (b IS NOT NULL) NOT VALID;
ALTER TABLE t ALTER COLUMN d SET DEFAULT 2;
ALTER TABLE t ADD CONSTRAINT d_is_not_null CHECK (d IS NOT NULL) NOT VALID;

-- depends on rows: fails if the rows of t.a do not fit
ALTER TABLE t VALIDATE CONSTRAINT a_is_not_null;
-- depends on rows: fails if the rows of t.b do not fit
ALTER TABLE t VALIDATE CONSTRAINT b_is_not_null;
-- depends on rows: fails if the rows of t.d do not fit
ALTER TABLE t VALIDATE CONSTRAINT d_is_not_null;
ALTER TABLE t ALTER COLUMN a SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT a_is_not_null;
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT b_is_not_null;
ALTER TABLE t ALTER COLUMN d SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT d_is_not_null;
<=
ALTER TABLE t ALTER COLUMN b DROP DEFAULT;
DROP FUNCTION one();
ALTER TABLE t ALTER COLUMN a DROP NOT NULL;
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;
ALTER TABLE t ALTER COLUMN b TYPE character varying;
ALTER TABLE t ALTER COLUMN b DROP NOT NULL;
ALTER TABLE t ALTER COLUMN d DROP NOT NULL;
ALTER TABLE t ALTER COLUMN c SET DEFAULT 'c'::text;
ALTER TABLE t ADD CONSTRAINT c_is_not_null CHECK (c IS NOT NULL) NOT VALID;
ALTER TABLE t ALTER COLUMN d SET DEFAULT 1;

-- depends on rows: fails if the rows of t.c do not fit
ALTER TABLE t VALIDATE CONSTRAINT c_is_not_null;
ALTER TABLE t ALTER COLUMN c SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT c_is_not_null;
--- a check is not valid where it is declared, but valid in the partitions
ALTER TABLE p ADD CONSTRAINT p_b CHECK (b > 0) NOT VALID;

-- depends on rows: fails if the rows of p1 do not fit
ALTER TABLE p1 VALIDATE CONSTRAINT p_b;
<=
ALTER TABLE p DROP CONSTRAINT p_b;
--- comments of constraints that partitions and children have from their tables
COMMENT ON CONSTRAINT hc ON h1 IS NULL;
ALTER TABLE p DROP CONSTRAINT c;
ALTER TABLE p ADD CONSTRAINT c CHECK (a > 1) NOT VALID;
COMMENT ON CONSTRAINT f ON p1 IS 'another';

-- depends on rows: fails if the rows of p do not fit
ALTER TABLE p VALIDATE CONSTRAINT c;
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
COMMENT ON CONSTRAINT c ON p1 IS 'check of p1';
COMMENT ON CONSTRAINT c ON p2 IS 'check of p2';
COMMENT ON CONSTRAINT f ON p2 IS 'fk of p2';
<=
-- Unanswered: data loss: deletes the data of table p2
DROP TABLE p2;
ALTER TABLE p DROP CONSTRAINT c;
ALTER TABLE p ADD CONSTRAINT c CHECK (a > 0) NOT VALID;
COMMENT ON CONSTRAINT hc ON h1 IS 'check of h1';
COMMENT ON CONSTRAINT f ON p1 IS 'fk of p1';

-- depends on rows: fails if the rows of p do not fit
ALTER TABLE p VALIDATE CONSTRAINT c;
COMMENT ON CONSTRAINT c ON p1 IS 'check of p1';
--- constraints of different kinds exchange their names
ALTER TABLE u DROP CONSTRAINT k3;
ALTER TABLE u DROP CONSTRAINT k2;
-- index dropped: queries that use k1 become slower
ALTER TABLE u DROP CONSTRAINT k1;
-- index dropped: queries that use y become slower
ALTER TABLE t DROP CONSTRAINT y;
ALTER TABLE u ADD CONSTRAINT k3 CHECK (b > 0) NOT VALID;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building x takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY x__new ON t USING btree (n);
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT x, ADD CONSTRAINT x UNIQUE USING INDEX x__new;
RESET lock_timeout;
-- depends on rows: fails if the rows of t do not fit
-- index build: building y takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY y ON t USING btree (id);
-- depends on rows: fails if the rows of u do not fit
-- index build: building k2 takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k2 ON u USING btree (a);

-- depends on rows: fails if the rows of u do not fit
ALTER TABLE u VALIDATE CONSTRAINT k3;
ALTER TABLE t ADD CONSTRAINT y PRIMARY KEY USING INDEX y;
ALTER TABLE u ADD CONSTRAINT k2 UNIQUE USING INDEX k2;
ALTER TABLE u ADD CONSTRAINT k1 FOREIGN KEY (b) REFERENCES u(a) NOT VALID;

-- depends on rows: fails if the rows of u do not fit
ALTER TABLE u VALIDATE CONSTRAINT k1;
<=
ALTER TABLE u DROP CONSTRAINT k1;
ALTER TABLE u DROP CONSTRAINT k3;
-- index dropped: queries that use k2 become slower
ALTER TABLE u DROP CONSTRAINT k2;
-- index dropped: queries that use x become slower
ALTER TABLE t DROP CONSTRAINT x;
ALTER TABLE u ADD CONSTRAINT k2 CHECK (b > 0) NOT VALID;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building x takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY x ON t USING btree (id);
-- depends on rows: fails if the rows of t do not fit
-- index build: building y takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY y__new ON t USING btree (n);
SET lock_timeout = '5s';
ALTER TABLE t DROP CONSTRAINT y, ADD CONSTRAINT y UNIQUE USING INDEX y__new;
RESET lock_timeout;
-- depends on rows: fails if the rows of u do not fit
-- index build: building k1 takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY k1 ON u USING btree (a);

-- depends on rows: fails if the rows of u do not fit
ALTER TABLE u VALIDATE CONSTRAINT k2;
ALTER TABLE t ADD CONSTRAINT x PRIMARY KEY USING INDEX x;
ALTER TABLE u ADD CONSTRAINT k1 UNIQUE USING INDEX k1;
ALTER TABLE u ADD CONSTRAINT k3 FOREIGN KEY (b) REFERENCES u(a) NOT VALID;

-- depends on rows: fails if the rows of u do not fit
ALTER TABLE u VALIDATE CONSTRAINT k3;
