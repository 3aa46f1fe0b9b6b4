--- a key of an index with another name
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE USING INDEX t_a;
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_b;
<=
-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_a ON t USING btree (a);
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_b takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_b ON t USING btree (b);

ALTER TABLE t DROP CONSTRAINT t_a_key;
ALTER TABLE t DROP CONSTRAINT t_pkey;
--- a key of an index with another name and its references
ALTER TABLE u DROP CONSTRAINT u_b_fkey;
ALTER TABLE u DROP CONSTRAINT u_a_fkey;
ALTER TABLE t ADD CONSTRAINT b_is_not_null CHECK (b IS NOT NULL) NOT VALID;
ALTER TABLE t ALTER COLUMN a SET DEFAULT 1;
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE USING INDEX t_a;
ALTER TABLE u ADD CONSTRAINT u_a_fkey FOREIGN KEY (a) REFERENCES t(a) NOT VALID;

-- depends on rows: fails if the rows of t.b do not fit
ALTER TABLE t VALIDATE CONSTRAINT b_is_not_null;
-- depends on rows: fails if the rows of u do not fit
ALTER TABLE u VALIDATE CONSTRAINT u_a_fkey;
ALTER TABLE t ALTER COLUMN b SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT b_is_not_null;
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY USING INDEX t_b;
ALTER TABLE t CLUSTER ON t_pkey;
ALTER TABLE u ADD CONSTRAINT u_b_fkey FOREIGN KEY (b) REFERENCES t(b) NOT VALID;

-- depends on rows: fails if the rows of u do not fit
ALTER TABLE u VALIDATE CONSTRAINT u_b_fkey;
<=
ALTER TABLE u DROP CONSTRAINT u_b_fkey;
ALTER TABLE u DROP CONSTRAINT u_a_fkey;
ALTER TABLE t ALTER COLUMN a DROP DEFAULT;

-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_a takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_a ON t USING btree (a) NULLS NOT DISTINCT;
-- depends on rows: fails if the rows of t do not fit
-- index build: building t_b takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY t_b ON t USING btree (b) INCLUDE (a) WITH (fillfactor='70');

ALTER TABLE t DROP CONSTRAINT t_a_key;
ALTER TABLE u ADD CONSTRAINT u_a_fkey FOREIGN KEY (a) REFERENCES t(a) NOT VALID;

-- depends on rows: fails if the rows of u do not fit
ALTER TABLE u VALIDATE CONSTRAINT u_a_fkey;
ALTER TABLE t DROP CONSTRAINT t_pkey;
ALTER TABLE t ALTER COLUMN b DROP NOT NULL;
ALTER TABLE t CLUSTER ON t_b;
ALTER TABLE u ADD CONSTRAINT u_b_fkey FOREIGN KEY (b) REFERENCES t(b) NOT VALID;

-- depends on rows: fails if the rows of u do not fit
ALTER TABLE u VALIDATE CONSTRAINT u_b_fkey;
--- a deferrable key of an index with another name
ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i DEFERRABLE INITIALLY DEFERRED;
<=
-- Transaction: off
-- depends on rows: fails if the rows of t do not fit
-- index build: building i takes time and I/O
CREATE UNIQUE INDEX CONCURRENTLY i ON t USING btree (a);

ALTER TABLE t DROP CONSTRAINT k;
--- a key of an index with another name offline
ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i;
<=
-- index dropped: queries that use k become slower
ALTER TABLE t DROP CONSTRAINT k;
-- depends on rows: fails if the rows of t do not fit
-- index build: building i takes time and I/O
-- blocking lock: t is scanned while writes are blocked
CREATE UNIQUE INDEX i ON t USING btree (a);
