--- attached_with_another_column_order

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b text DEFAULT 'x'::text,
  c integer GENERATED ALWAYS AS (a * 2) STORED,
  CONSTRAINT positive CHECK (a > 0)
) PARTITION BY LIST (a);

CREATE TABLE c (
  b text NOT NULL,
  c integer GENERATED ALWAYS AS (a * 2) STORED,
  a integer,
  CONSTRAINT positive CHECK (a > 0)
);
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN (1);
--- attached_with_dropped_columns

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b text
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p DEFAULT;
--- index_name

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b integer
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
CREATE INDEX my_own ON c USING btree (b) WITH (fillfactor='70');
COMMENT ON INDEX my_own IS 'mine';

CREATE INDEX p_b ON ONLY p USING btree (b);
ALTER INDEX p_b ATTACH PARTITION my_own;
--- index_incomplete

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b integer
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
CREATE INDEX c_b ON c USING btree (b);

CREATE TABLE d PARTITION OF p FOR VALUES IN (2);

CREATE INDEX p_b ON ONLY p USING btree (b);
ALTER INDEX p_b ATTACH PARTITION c_b;
--- index_of_a_tree

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b integer
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p FOR VALUES IN (1) PARTITION BY RANGE (b);

CREATE TABLE cc PARTITION OF c FOR VALUES FROM (1) TO (10);
CREATE UNIQUE INDEX cc_a_b_idx ON cc USING btree (a, b);
CREATE INDEX cc_b_a_idx ON cc USING btree (b) INCLUDE (a) WHERE a > 1;

CREATE UNIQUE INDEX c_a_b_idx ON ONLY c USING btree (a, b);
CREATE INDEX c_b_a_idx ON ONLY c USING btree (b) INCLUDE (a) WHERE a > 1;
ALTER INDEX c_a_b_idx ATTACH PARTITION cc_a_b_idx;
ALTER INDEX c_b_a_idx ATTACH PARTITION cc_b_a_idx;

CREATE TABLE d PARTITION OF p FOR VALUES IN (2) PARTITION BY HASH (b);
CREATE UNIQUE INDEX d_a_b_idx ON ONLY d USING btree (a, b);
CREATE INDEX d_b_a_idx ON ONLY d USING btree (b) INCLUDE (a) WHERE a > 1;

CREATE UNIQUE INDEX p_ab ON ONLY p USING btree (a, b);
CREATE INDEX p_b_a_idx ON ONLY p USING btree (b) INCLUDE (a) WHERE a > 1;
ALTER INDEX p_ab ATTACH PARTITION c_a_b_idx;
ALTER INDEX p_ab ATTACH PARTITION d_a_b_idx;
ALTER INDEX p_b_a_idx ATTACH PARTITION c_b_a_idx;
ALTER INDEX p_b_a_idx ATTACH PARTITION d_b_a_idx;
--- key_name

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer NOT NULL,
  b integer
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p (
  CONSTRAINT c_key PRIMARY KEY (a),
  CONSTRAINT c_two UNIQUE (a, b)
) FOR VALUES IN (1);
COMMENT ON CONSTRAINT c_key ON c IS 'the key';
ALTER INDEX c_key SET (fillfactor=50);
COMMENT ON INDEX c_key IS 'an index';

ALTER TABLE ONLY p ADD CONSTRAINT p_a_b_key UNIQUE (a, b);
ALTER TABLE ONLY p ADD CONSTRAINT p_pkey PRIMARY KEY (a);
COMMENT ON CONSTRAINT p_pkey ON p IS 'its key';
ALTER INDEX p_a_b_key ATTACH PARTITION c_two;
ALTER INDEX p_pkey ATTACH PARTITION c_key;
--- key_of_partition_backs_index

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer NOT NULL,
  b integer
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p (
  CONSTRAINT own PRIMARY KEY (a)
) FOR VALUES IN (1);

CREATE UNIQUE INDEX p_a ON ONLY p USING btree (a);
ALTER INDEX p_a ATTACH PARTITION own;
--- key_of_partition_only

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer NOT NULL,
  b integer
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p (
  CONSTRAINT c_pkey PRIMARY KEY (a),
  CONSTRAINT c_b_key UNIQUE (b)
) FOR VALUES IN (1);

CREATE TABLE d PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (b);
ALTER TABLE d ALTER COLUMN b SET NOT NULL;

CREATE TABLE dd PARTITION OF d (
  CONSTRAINT dd_pkey PRIMARY KEY (a, b)
) FOR VALUES IN (1);

ALTER TABLE ONLY d ADD CONSTRAINT d_pkey PRIMARY KEY (a, b);
ALTER INDEX d_pkey ATTACH PARTITION dd_pkey;
--- replica_identity

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer NOT NULL
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p (
  CONSTRAINT c_pkey PRIMARY KEY (a)
) FOR VALUES IN (1);
ALTER TABLE c REPLICA IDENTITY USING INDEX c_pkey;

CREATE TABLE d PARTITION OF p (
  CONSTRAINT d_pkey PRIMARY KEY (a)
) FOR VALUES IN (2);
ALTER TABLE d REPLICA IDENTITY FULL;

ALTER TABLE ONLY p ADD CONSTRAINT p_pkey PRIMARY KEY (a);
ALTER INDEX p_pkey ATTACH PARTITION c_pkey;
ALTER INDEX p_pkey ATTACH PARTITION d_pkey;
ALTER TABLE p REPLICA IDENTITY USING INDEX p_pkey;
--- trigger_disabled

SET check_function_bodies = off;
SET search_path = public;

CREATE OR REPLACE FUNCTION public.f()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NEW; END$function$;

CREATE TABLE p (
  a integer
) PARTITION BY LIST (a);
CREATE TRIGGER t AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
COMMENT ON TRIGGER t ON p IS 'for all';
CREATE TRIGGER u AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE p DISABLE TRIGGER u;

CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
ALTER TABLE c DISABLE TRIGGER t;

CREATE TABLE d PARTITION OF p FOR VALUES IN (2);
CREATE TRIGGER own BEFORE INSERT ON d FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE d ENABLE ALWAYS TRIGGER u;
--- foreign_key_circle

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer NOT NULL,
  b integer NOT NULL
) PARTITION BY LIST (a);

CREATE TABLE c1 PARTITION OF p (
  CONSTRAINT c1_pkey PRIMARY KEY (a, b)
) FOR VALUES IN (1);

CREATE TABLE only_one (
  a integer,
  b integer
);
ALTER TABLE only_one ADD CONSTRAINT only_one_a_b_fkey FOREIGN KEY (a, b) REFERENCES c1(a, b);

ALTER TABLE ONLY p ADD CONSTRAINT p_pkey PRIMARY KEY (a, b);
ALTER INDEX p_pkey ATTACH PARTITION c1_pkey;
ALTER TABLE p ADD CONSTRAINT self FOREIGN KEY (a, b) REFERENCES p(a, b);

CREATE TABLE q (
  a integer,
  b integer
);
ALTER TABLE q ADD CONSTRAINT q_a_b_fkey FOREIGN KEY (a, b) REFERENCES p(a, b);
--- foreign_key_of_a_partition

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE r (
  id integer NOT NULL,
  CONSTRAINT r_pkey PRIMARY KEY (id)
);

CREATE TABLE p (
  a integer,
  b integer
) PARTITION BY LIST (a);
ALTER TABLE p ADD CONSTRAINT p_fk FOREIGN KEY (a) REFERENCES r(id);

CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
ALTER TABLE c ADD CONSTRAINT c_fk FOREIGN KEY (b) REFERENCES r(id);
--- defaults_and_not_null

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b integer DEFAULT 1,
  c integer DEFAULT 2 NOT NULL,
  d integer
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
ALTER TABLE c ALTER COLUMN d SET NOT NULL;
ALTER TABLE ONLY c ALTER COLUMN b SET DEFAULT 7;
ALTER TABLE ONLY c ALTER COLUMN d SET DEFAULT 3;

CREATE TABLE d PARTITION OF p FOR VALUES IN (2);
ALTER TABLE d ALTER COLUMN b DROP DEFAULT;
--- identity

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  id integer GENERATED ALWAYS AS IDENTITY,
  a integer
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p FOR VALUES IN (1);

CREATE TABLE d (
  a integer,
  id integer NOT NULL
);
ALTER TABLE p ATTACH PARTITION d FOR VALUES IN (2);
--- generated_differently

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  g integer GENERATED ALWAYS AS (a + 1) STORED
) PARTITION BY LIST (a);

CREATE TABLE c (
  a integer,
  g integer GENERATED ALWAYS AS (a + 2) STORED
);
ALTER TABLE p ATTACH PARTITION c FOR VALUES IN (1);
--- bounds

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE h (
  a integer
) PARTITION BY HASH (a);

CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (modulus 2, remainder 0);

CREATE TABLE l (
  a text
) PARTITION BY LIST (a);

CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('a', NULL);

CREATE TABLE p (
  a integer,
  b timestamp with time zone,
  c text COLLATE "C"
) PARTITION BY RANGE (a, lower(c) text_pattern_ops);

CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (MINVALUE, MINVALUE) TO (1, 'it''s');

CREATE TABLE p2 PARTITION OF p DEFAULT;
--- settings

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b text
) PARTITION BY LIST (a);
ALTER TABLE p ALTER COLUMN b SET STORAGE EXTERNAL;
ALTER TABLE p ALTER COLUMN b SET COMPRESSION pglz;
ALTER TABLE p ALTER COLUMN b SET STATISTICS 10;

CREATE TABLE c PARTITION OF p FOR VALUES IN (1) WITH (fillfactor=50);
ALTER TABLE c ENABLE ROW LEVEL SECURITY;
ALTER TABLE c ALTER COLUMN b SET STORAGE EXTENDED;
ALTER TABLE c ALTER COLUMN b SET COMPRESSION default;
CREATE STATISTICS public.st ON a, b FROM c;
CREATE POLICY mine ON c USING (a = 1);

CREATE UNLOGGED TABLE d PARTITION OF p FOR VALUES IN (2);
ALTER TABLE d ALTER COLUMN b SET STATISTICS 20;
--- own_check

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  CONSTRAINT pos CHECK (a > 0)
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p (
  CONSTRAINT own CHECK (a < 9)
) FOR VALUES IN (1);
COMMENT ON COLUMN c.a IS 'col';
COMMENT ON CONSTRAINT own ON c IS 'own';
ALTER TABLE c ADD CONSTRAINT later CHECK (a < 8) NOT VALID;
--- foreign_partition

SET check_function_bodies = off;
SET search_path = public;

CREATE FOREIGN DATA WRAPPER w;

CREATE SERVER s FOREIGN DATA WRAPPER w;

CREATE TABLE p (
  a integer,
  b text
) PARTITION BY LIST (a);

CREATE FOREIGN TABLE c PARTITION OF p FOR VALUES IN (1) SERVER s OPTIONS (api_token '********', x 'y');
ALTER FOREIGN TABLE c ALTER COLUMN b OPTIONS (ADD column_name 'z');

CREATE FOREIGN TABLE d (
  b text OPTIONS (n 'm'),
  a integer
) SERVER s;
ALTER TABLE p ATTACH PARTITION d FOR VALUES IN (2);
--- exclusion

SET check_function_bodies = off;
SET search_path = public;

CREATE EXTENSION btree_gist SCHEMA public VERSION '1.7';
COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE TABLE p (
  a integer,
  r int4range
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p FOR VALUES IN (1);

ALTER TABLE p ADD CONSTRAINT x EXCLUDE USING gist (a WITH =, r WITH &&);
--- trigger_on_partitioned_with_transition

SET check_function_bodies = off;
SET search_path = public;

CREATE OR REPLACE FUNCTION public.f()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$BEGIN RETURN NULL; END$function$;

CREATE TABLE p (
  a integer
) PARTITION BY LIST (a);
CREATE TRIGGER s AFTER INSERT ON p REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION f();

CREATE TABLE c PARTITION OF p FOR VALUES IN (1);
--- default_in_circle

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE p (
  a integer,
  b integer
) PARTITION BY LIST (a);

CREATE TABLE c PARTITION OF p FOR VALUES IN (1);

CREATE OR REPLACE FUNCTION public.h()
 RETURNS integer
 LANGUAGE sql
BEGIN ATOMIC
 SELECT max(c.b) AS max
    FROM c;
END;

CREATE TABLE d PARTITION OF p FOR VALUES IN (2);

ALTER TABLE ONLY p ALTER COLUMN b SET DEFAULT h();

ALTER TABLE ONLY c ALTER COLUMN b SET DEFAULT h();

ALTER TABLE ONLY d ALTER COLUMN b SET DEFAULT 7;
--- tree

SET check_function_bodies = off;
SET search_path = public;

CREATE SCHEMA s;

CREATE TABLE g (
  a integer,
  b integer GENERATED ALWAYS AS IDENTITY,
  c integer GENERATED ALWAYS AS (a) STORED,
  d integer DEFAULT 5
) PARTITION BY LIST (a);

CREATE TABLE g1 PARTITION OF g FOR VALUES IN (1);
ALTER TABLE ONLY g1 ALTER COLUMN d SET DEFAULT 6;

CREATE TABLE g2 (
  d integer,
  c integer GENERATED ALWAYS AS (a) STORED,
  b integer NOT NULL,
  a integer
);
ALTER TABLE g ATTACH PARTITION g2 FOR VALUES IN (2);

CREATE TABLE p (
  a integer NOT NULL,
  b integer NOT NULL,
  c text DEFAULT 'z'::text
) PARTITION BY RANGE (a);
ALTER TABLE p REPLICA IDENTITY FULL;
CREATE STATISTICS public.ss ON a, b FROM p;

CREATE TABLE p2 PARTITION OF p (
  CONSTRAINT p2_pkey PRIMARY KEY (a, b)
) DEFAULT;
ALTER TABLE p2 ALTER COLUMN c DROP DEFAULT;
ALTER TABLE ONLY p2 ADD CONSTRAINT p2_a_b_key UNIQUE (a, b);
CREATE INDEX p2_c_idx ON p2 USING btree (c);
CREATE INDEX p2_c_idx1 ON p2 USING btree (c);

CREATE TABLE s.p1 PARTITION OF p FOR VALUES FROM (1) TO (10) PARTITION BY LIST (b);
ALTER TABLE s.p1 ALTER COLUMN c DROP DEFAULT;

ALTER TABLE ONLY p ADD CONSTRAINT p_a_b_key UNIQUE (a, b);
ALTER TABLE ONLY p ADD CONSTRAINT p_pkey PRIMARY KEY (a, b);
CREATE INDEX p_c_idx ON ONLY p USING btree (c);
CREATE INDEX p_c_idx1 ON ONLY p USING btree (c);
ALTER INDEX p_a_b_key ATTACH PARTITION p2_a_b_key;
ALTER INDEX p_c_idx ATTACH PARTITION p2_c_idx;
ALTER INDEX p_c_idx1 ATTACH PARTITION p2_c_idx1;
ALTER INDEX p_pkey ATTACH PARTITION p2_pkey;

CREATE TABLE p12 (
  c text,
  b integer NOT NULL,
  a integer NOT NULL,
  CONSTRAINT p12_pkey PRIMARY KEY (a, b)
);
ALTER TABLE s.p1 ATTACH PARTITION p12 FOR VALUES IN (2);
ALTER TABLE ONLY p12 ADD CONSTRAINT p12_a_b_key UNIQUE (a, b);
CREATE INDEX p12_c_idx ON p12 USING btree (c);
CREATE INDEX p12_c_idx1 ON p12 USING btree (c);
CREATE INDEX x ON p12 USING btree (c);

CREATE TABLE s.p11 PARTITION OF s.p1 (
  CONSTRAINT p11_pkey PRIMARY KEY (a, b),
  CONSTRAINT own CHECK (c <> ''::text)
) FOR VALUES IN (1);
COMMENT ON TABLE s.p11 IS 'leaf';
COMMENT ON COLUMN s.p11.c IS 'leafc';
ALTER TABLE ONLY s.p11 ADD CONSTRAINT p11_a_b_key UNIQUE (a, b);
ALTER TABLE ONLY s.p11 ADD CONSTRAINT p11_a_b_key1 UNIQUE (a, b);
CREATE INDEX p11_c_idx ON s.p11 USING btree (c);
CREATE INDEX p11_c_idx1 ON s.p11 USING btree (c);

CREATE TABLE f (
  x integer,
  y integer,
  z integer
) PARTITION BY HASH (x);

CREATE TABLE f0 PARTITION OF f FOR VALUES WITH (modulus 1, remainder 0);

ALTER TABLE ONLY s.p1 ADD CONSTRAINT p1_a_b_key UNIQUE (a, b);
ALTER TABLE ONLY s.p1 ADD CONSTRAINT p1_pkey PRIMARY KEY (a, b);
CREATE INDEX p1_c_idx ON ONLY s.p1 USING btree (c);
CREATE INDEX p1_c_idx1 ON ONLY s.p1 USING btree (c);
ALTER INDEX s.p1_a_b_key ATTACH PARTITION p12_a_b_key;
ALTER INDEX s.p1_a_b_key ATTACH PARTITION s.p11_a_b_key;
ALTER INDEX s.p1_c_idx ATTACH PARTITION p12_c_idx;
ALTER INDEX s.p1_c_idx ATTACH PARTITION s.p11_c_idx;
ALTER INDEX s.p1_c_idx1 ATTACH PARTITION p12_c_idx1;
ALTER INDEX s.p1_c_idx1 ATTACH PARTITION s.p11_c_idx1;
ALTER INDEX s.p1_pkey ATTACH PARTITION p12_pkey;
ALTER INDEX s.p1_pkey ATTACH PARTITION s.p11_pkey;

ALTER TABLE f ADD CONSTRAINT f_y_z_fkey FOREIGN KEY (y, z) REFERENCES s.p1(a, b);

ALTER INDEX p_a_b_key ATTACH PARTITION s.p1_a_b_key;
ALTER INDEX p_c_idx ATTACH PARTITION s.p1_c_idx;
ALTER INDEX p_c_idx1 ATTACH PARTITION s.p1_c_idx1;
ALTER INDEX p_pkey ATTACH PARTITION s.p1_pkey;

ALTER TABLE f ADD CONSTRAINT f_x_y_fkey FOREIGN KEY (x, y) REFERENCES p(a, b) ON DELETE CASCADE;

CREATE VIEW v AS
 SELECT a,
    b,
    c
   FROM p
  GROUP BY a, b;
