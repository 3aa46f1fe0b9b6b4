--- indexes that are replaced
CREATE SCHEMA "My App";
CREATE TABLE t (a int, b text, c int);
CREATE UNIQUE INDEX t_a ON t (a);
CREATE UNIQUE INDEX "T b" ON t (b) WHERE a > 0;
CREATE INDEX plain ON t (c) WITH (fillfactor = 70);
CREATE UNIQUE INDEX t_c ON t (c) INCLUDE (a);
CREATE INDEX expression ON t ((a + c));
ALTER INDEX expression ALTER COLUMN 1 SET STATISTICS 200;
COMMENT ON INDEX t_a IS 'before';
CREATE TABLE "My App".u (a int, b int);
CREATE UNIQUE INDEX u_a ON "My App".u (a);
CREATE INDEX u_gone ON "My App".u (b);
CREATE TABLE t_a__new (a int);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a, 2 AS b;
CREATE UNIQUE INDEX m_a ON m (a);
CREATE UNIQUE INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytes_ ON t (a);
CREATE UNIQUE INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytesx ON t (b);
=>
CREATE SCHEMA "My App";
CREATE TABLE t (a int, b text, c int);
CREATE UNIQUE INDEX t_a ON t (a) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX "T b" ON t (b COLLATE "C" text_pattern_ops) WHERE a > 1;
CREATE INDEX plain ON t (c, b) WITH (fillfactor = 70);
CREATE UNIQUE INDEX t_c ON t (c) INCLUDE (b);
CREATE INDEX expression ON t ((a - c));
ALTER INDEX expression ALTER COLUMN 1 SET STATISTICS 300;
COMMENT ON INDEX t_a IS 'after';
CREATE TABLE "My App".u (a int, c int);
CREATE UNIQUE INDEX u_a ON "My App".u (a, c);
CREATE TABLE t_a__new (a int);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a, 2 AS b;
CREATE UNIQUE INDEX m_a ON m (a, b);
CREATE UNIQUE INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytes_ ON t (a, b);
CREATE UNIQUE INDEX an_index_with_a_name_that_is_as_long_as_a_name_can_be_63_bytesx ON t (b, a);
--- keys that are replaced
CREATE TABLE t (a int, b int, CONSTRAINT t_pkey PRIMARY KEY (a), CONSTRAINT t_b UNIQUE (b) INCLUDE (a) WITH (fillfactor = 70));
COMMENT ON CONSTRAINT t_b ON t IS 'unique';
CREATE TABLE d (a int, b int, CONSTRAINT d_a UNIQUE (a));
CREATE TABLE k (a int NOT NULL, CONSTRAINT k_a UNIQUE (a));
CREATE TABLE i (a int NOT NULL);
CREATE UNIQUE INDEX i_a ON i (a) WHERE a > 0;
=>
CREATE TABLE t (a int, b int NOT NULL, CONSTRAINT t_pkey PRIMARY KEY (a, b), CONSTRAINT t_b UNIQUE NULLS NOT DISTINCT (b) WITH (fillfactor = 80));
COMMENT ON CONSTRAINT t_b ON t IS 'unique';
CREATE TABLE d (a int, b int, CONSTRAINT d_a UNIQUE (a) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE k (a int NOT NULL, CONSTRAINT k_a PRIMARY KEY (a));
CREATE TABLE i (a int NOT NULL, CONSTRAINT i_a UNIQUE (a));
--- a key that foreign keys and a view need, a replica identity and a clustered index
CREATE TABLE t (a int, b int NOT NULL, CONSTRAINT t_pkey PRIMARY KEY (a));
ALTER TABLE t CLUSTER ON t_pkey;
CREATE TABLE r (a int CONSTRAINT r_a REFERENCES t);
COMMENT ON CONSTRAINT r_a ON r IS 'refers';
CREATE VIEW v AS SELECT a, b FROM t GROUP BY a;
GRANT SELECT ON v TO pg_monitor;
CREATE TABLE u (a int NOT NULL, b int NOT NULL);
CREATE UNIQUE INDEX u_a ON u (a);
ALTER TABLE u REPLICA IDENTITY USING INDEX u_a;
=>
CREATE TABLE t (a int, b int NOT NULL, CONSTRAINT t_pkey PRIMARY KEY (a) INCLUDE (b));
ALTER TABLE t CLUSTER ON t_pkey;
CREATE TABLE r (a int CONSTRAINT r_a REFERENCES t);
COMMENT ON CONSTRAINT r_a ON r IS 'refers';
CREATE VIEW v AS SELECT a, b FROM t GROUP BY a;
GRANT SELECT ON v TO pg_monitor;
CREATE TABLE u (a int NOT NULL, b int NOT NULL);
CREATE UNIQUE INDEX u_a ON u (a, b);
ALTER TABLE u REPLICA IDENTITY USING INDEX u_a;
--- indexes and keys of partitioned tables that are replaced
CREATE TABLE p (a int, b int, CONSTRAINT p_key UNIQUE (a)) PARTITION BY LIST (a);
CREATE INDEX p_b ON p (b);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (a);
CREATE TABLE p2a PARTITION OF p2 FOR VALUES IN (2);
=>
CREATE TABLE p (a int, b int, CONSTRAINT p_key UNIQUE (a, b)) PARTITION BY LIST (a);
CREATE INDEX p_b ON p (b DESC);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2) PARTITION BY LIST (a);
CREATE TABLE p2a PARTITION OF p2 FOR VALUES IN (2);
--- an index whose function is replaced, and one whose column becomes another
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql IMMUTABLE RETURN a;
CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (a) STORED);
CREATE UNIQUE INDEX t_f ON t (f(a));
CREATE UNIQUE INDEX t_c ON t (c);
=>
CREATE FUNCTION f(n int) RETURNS int LANGUAGE sql IMMUTABLE RETURN n;
CREATE TABLE t (a int, b int, c int GENERATED ALWAYS AS (b) STORED);
CREATE UNIQUE INDEX t_f ON t (f(a), b);
CREATE UNIQUE INDEX t_c ON t (c, b);
--- keys and indexes that are replaced offline
CREATE TABLE t (a int, b int, CONSTRAINT t_pkey PRIMARY KEY (a), CONSTRAINT t_b UNIQUE (b) WITH (fillfactor = 70));
CREATE UNIQUE INDEX t_a ON t (a);
CREATE TABLE r (a int CONSTRAINT r_a REFERENCES t);
=>
CREATE TABLE t (a int, b int, CONSTRAINT t_pkey PRIMARY KEY (a) INCLUDE (b), CONSTRAINT t_b UNIQUE (b, a) WITH (fillfactor = 70), CHECK (b > 0));
CREATE UNIQUE INDEX t_a ON t (a, b);
CREATE TABLE r (a int CONSTRAINT r_a REFERENCES t, CHECK (a > 0));
--- an index of a partitioned table gets another column, and one of another table too
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_b ON p (b);
CREATE TABLE t (x int, y int);
CREATE UNIQUE INDEX t_x ON t (x);
=>
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE INDEX p_b ON p (b, a);
CREATE TABLE t (x int, y int);
CREATE UNIQUE INDEX t_x ON t (x, y);
--- settings of keys and indexes that stay
CREATE TABLE t (a int, b int, CONSTRAINT t_a UNIQUE (a) WITH (fillfactor = 70, deduplicate_items = off), CONSTRAINT t_b UNIQUE (b) WITH (fillfactor = 70));
CREATE INDEX i ON t ((a + 1));
ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 100;
CREATE INDEX j ON t ((a + 2));
ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 200;
=>
CREATE TABLE t (a int, b int, CONSTRAINT t_a UNIQUE (a) WITH (fillfactor = 70), CONSTRAINT t_b UNIQUE (b));
CREATE INDEX k ON t ((a + 1));
CREATE INDEX j ON t ((a + 2));
ALTER INDEX j ALTER COLUMN 1 SET STATISTICS 300;
--- the name of an index goes to one of a partitioned table
CREATE TABLE t (a int, b int);
CREATE UNIQUE INDEX i ON t (a, b);
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE r (a int, b int, CONSTRAINT r_i FOREIGN KEY (a, b) REFERENCES t (a, b));
=>
CREATE TABLE t (a int, b int);
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE UNIQUE INDEX i ON p (a, b);
CREATE TABLE r (a int, b int, CONSTRAINT r_i FOREIGN KEY (a, b) REFERENCES p (a, b));
--- an index like the one that a partition gets
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE INDEX p_b ON p (b);
CREATE TABLE p1 (a int, b int);
CREATE INDEX p1_own ON p1 (b);
CREATE TABLE p2 (a int, b int);
CREATE INDEX p2_own ON p2 (b);
CREATE INDEX p2_b_idx ON p2 (b);
=>
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
CREATE INDEX p_b ON p (b);
CREATE INDEX p1_own ON p1 (b);
CREATE INDEX p2_own ON p2 (b);
--- the comment of an index and of a constraint that get another name
CREATE TABLE t (a int, b int, c int, d int, CONSTRAINT u UNIQUE (a), CONSTRAINT v UNIQUE (c));
CREATE INDEX i ON t (b);
CREATE INDEX j ON t (d);
COMMENT ON CONSTRAINT u ON t IS 'goes';
COMMENT ON CONSTRAINT v ON t IS 'changes';
COMMENT ON INDEX i IS 'goes';
COMMENT ON INDEX j IS 'stays';
=>
CREATE TABLE t (a int, b int, c int, d int, CONSTRAINT u2 UNIQUE (a), CONSTRAINT v2 UNIQUE (c));
CREATE INDEX i2 ON t (b);
CREATE INDEX j2 ON t (d);
COMMENT ON CONSTRAINT v2 ON t IS 'has changed';
COMMENT ON INDEX j2 IS 'stays';
--- indexes that get the names of others, and marks that stay
CREATE TABLE t (a int NOT NULL, b int);
CREATE UNIQUE INDEX ix ON t (a);
ALTER TABLE t CLUSTER ON ix;
ALTER TABLE t REPLICA IDENTITY USING INDEX ix;
CREATE TABLE t2 (a int);
CREATE INDEX iz ON t2 (a);
=>
CREATE TABLE t (a int NOT NULL, b int);
CREATE UNIQUE INDEX iy ON t (a);
ALTER TABLE t CLUSTER ON iy;
ALTER TABLE t REPLICA IDENTITY USING INDEX iy;
CREATE TABLE t2 (a int);
CREATE INDEX ix ON t2 (a);
--- a primary key with another name is built beside the old one
CREATE TABLE t (id int NOT NULL, tenant int NOT NULL, CONSTRAINT one PRIMARY KEY (id));
CREATE TABLE referring (id int REFERENCES t);
CREATE TABLE u (id int NOT NULL, tenant int NOT NULL, CONSTRAINT u_one PRIMARY KEY (id));
CREATE PUBLICATION p FOR TABLE t, u WHERE (id > 5);
=>
CREATE TABLE t (id int NOT NULL, tenant int NOT NULL, CONSTRAINT two PRIMARY KEY (id, tenant), UNIQUE (id));
CREATE TABLE referring (id int REFERENCES t (id));
CREATE TABLE u (id int NOT NULL, tenant int NOT NULL, CONSTRAINT u_two PRIMARY KEY (id, tenant));
CREATE PUBLICATION p FOR TABLE t, u WHERE (id > 5);
--- a primary key with another name, whose name another key gets
CREATE TABLE t (a int NOT NULL, b int NOT NULL, CONSTRAINT k1 PRIMARY KEY (a));
=>
CREATE TABLE t (a int NOT NULL, b int NOT NULL, CONSTRAINT k3 PRIMARY KEY (b), CONSTRAINT k1 UNIQUE (a,b));
--- a primary key with another name, whose name an index gets
CREATE TABLE t (a int NOT NULL, b int NOT NULL, CONSTRAINT k1 PRIMARY KEY (a));
=>
CREATE TABLE t (a int NOT NULL, b int NOT NULL, CONSTRAINT k3 PRIMARY KEY (b)); CREATE INDEX k1 ON t (b, a);
--- a primary key and a check exchange names
CREATE TABLE t (a int NOT NULL, b int NOT NULL, CONSTRAINT k1 PRIMARY KEY (a), CONSTRAINT k3 CHECK (a>0));
=>
CREATE TABLE t (a int NOT NULL, b int NOT NULL, CONSTRAINT k3 PRIMARY KEY (b), CONSTRAINT k1 CHECK (a>0));
--- the rows of a view are identified by a primary key with another name and one column more
CREATE TABLE t (id int, j int, v text, CONSTRAINT a PRIMARY KEY (id));
CREATE VIEW w AS SELECT id, j, v FROM t GROUP BY id;
=>
CREATE TABLE t (id int, j int, v text, CONSTRAINT b PRIMARY KEY (id, j));
CREATE VIEW w AS SELECT id, j, v FROM t GROUP BY id, j;
--- a rule names a primary key that gets another name and one column more
CREATE TABLE t (id int, j int, CONSTRAINT a PRIMARY KEY (id), v text);
CREATE TABLE u (id int, j int, v text);
CREATE RULE r AS ON INSERT TO u DO ALSO INSERT INTO t VALUES (new.id, new.j, new.v) ON CONFLICT ON CONSTRAINT a DO NOTHING;
=>
CREATE TABLE t (id int, j int, CONSTRAINT b PRIMARY KEY (id, j), v text);
CREATE TABLE u (id int, j int, v text);
CREATE RULE r AS ON INSERT TO u DO ALSO INSERT INTO t VALUES (new.id, new.j, new.v) ON CONFLICT ON CONSTRAINT b DO NOTHING;
