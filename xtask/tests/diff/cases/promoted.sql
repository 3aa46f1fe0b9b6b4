--- a key of an index with another name
CREATE TABLE t (a int, b int NOT NULL);
CREATE UNIQUE INDEX t_b ON t (b);
CREATE UNIQUE INDEX t_a ON t (a);
=>
CREATE TABLE t (a int, b int NOT NULL);
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (b);
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a);
--- a key of an index with another name and its references
CREATE TABLE t (a int, b int);
CREATE UNIQUE INDEX t_b ON t (b) INCLUDE (a) WITH (fillfactor = 70);
CREATE UNIQUE INDEX t_a ON t (a) NULLS NOT DISTINCT;
CREATE TABLE u (b int REFERENCES t (b), a int REFERENCES t (a));
ALTER TABLE t CLUSTER ON t_b;
=>
CREATE TABLE t (a int DEFAULT 1, b int);
ALTER TABLE t ADD CONSTRAINT t_pkey PRIMARY KEY (b) INCLUDE (a) WITH (fillfactor = 70);
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE NULLS NOT DISTINCT (a);
CREATE TABLE u (b int REFERENCES t (b), a int REFERENCES t (a));
ALTER TABLE t CLUSTER ON t_pkey;
--- a deferrable key of an index with another name
CREATE TABLE t (a int);
CREATE UNIQUE INDEX i ON t (a);
=>
CREATE TABLE t (a int);
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a) DEFERRABLE INITIALLY DEFERRED;
--- a key of an index with another name offline
CREATE TABLE t (a int);
CREATE UNIQUE INDEX i ON t (a);
=>
CREATE TABLE t (a int);
ALTER TABLE t ADD CONSTRAINT k UNIQUE (a);
