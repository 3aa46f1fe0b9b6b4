--- a foreign key that refers to a primary key beside an equal key
CREATE TABLE p (id int, n int);
CREATE TABLE f (id int, a int);
ALTER TABLE p ADD UNIQUE (id);
=>
CREATE TABLE p (id int PRIMARY KEY, n int);
CREATE TABLE f (id int, a int);
ALTER TABLE p ADD UNIQUE (id);
ALTER TABLE f ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id);
--- a foreign key that is to refer to the newer one of two equal keys
CREATE TABLE p (id int, n int);
CREATE TABLE f (id int, a int);
ALTER TABLE p ADD CONSTRAINT z UNIQUE (id);
ALTER TABLE f ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id);
ALTER TABLE p ADD CONSTRAINT a UNIQUE (id);
ALTER TABLE f ADD CONSTRAINT fk2 FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE;
=>
CREATE TABLE p (id int, n int);
CREATE TABLE f (id int, a int);
ALTER TABLE p ADD CONSTRAINT a UNIQUE (id);
ALTER TABLE f ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id);
ALTER TABLE p ADD CONSTRAINT z UNIQUE (id);
--- foreign keys of a new table to the key with the later name
CREATE TABLE x (id int);
=>
CREATE TABLE p (id int, n int);
CREATE TABLE f (id int, a int);
ALTER TABLE p ADD CONSTRAINT z UNIQUE (id);
ALTER TABLE f ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id);
ALTER TABLE p ADD CONSTRAINT a UNIQUE (id);
ALTER TABLE f ADD CONSTRAINT fk2 FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE;
--- foreign keys to a new partitioned table with two equal keys
CREATE TABLE x (id int);
=>
CREATE TABLE p (id int, n int) PARTITION BY LIST (id);
CREATE TABLE f (id int, a int);
ALTER TABLE p ADD CONSTRAINT z UNIQUE (id);
ALTER TABLE f ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (id);
ALTER TABLE p ADD CONSTRAINT a UNIQUE (id);
ALTER TABLE f ADD CONSTRAINT fk2 FOREIGN KEY (a) REFERENCES p (id) ON DELETE CASCADE;
--- foreign keys to equal keys with other orders of the columns
CREATE TABLE p (a int, b int, CONSTRAINT a UNIQUE (a, b), CONSTRAINT z UNIQUE (b, a), PRIMARY KEY (a, b));
=>
CREATE TABLE p (a int, b int, CONSTRAINT a UNIQUE (a, b), CONSTRAINT z UNIQUE (b, a), PRIMARY KEY (a, b));
CREATE TABLE f (a int, b int, FOREIGN KEY (a, b) REFERENCES p, FOREIGN KEY (a, b) REFERENCES p (b, a));
--- the same to a new table
CREATE TABLE x (id int);
=>
CREATE TABLE p (a int, b int, CONSTRAINT a UNIQUE (a, b), CONSTRAINT z UNIQUE (b, a), PRIMARY KEY (a, b));
CREATE TABLE f (a int, b int, FOREIGN KEY (a, b) REFERENCES p, FOREIGN KEY (a, b) REFERENCES p (b, a));
--- a table with two equal keys becomes a partition
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
ALTER TABLE ONLY p1 ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (10) TO (20);
ALTER TABLE p1 ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE p1 DETACH PARTITION p1a;
=>
CREATE TABLE p1 (id integer PRIMARY KEY, n1 integer, s1 text) PARTITION BY RANGE (id);
CREATE TABLE p1b PARTITION OF p1 FOR VALUES FROM (1) TO (10);
ALTER TABLE ONLY p1 ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE p1a PARTITION OF p1 FOR VALUES FROM (10) TO (20);
ALTER TABLE p1 ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED;
--- a table with equal indexes that have other storage parameters becomes a partition
CREATE TABLE p(id int,b int) PARTITION BY LIST(id); CREATE INDEX pi ON p(b); CREATE TABLE p1(id int,b int); CREATE INDEX a ON p1(b) WITH (fillfactor=70); CREATE INDEX z ON p1(b);
=>
CREATE TABLE p(id int,b int) PARTITION BY LIST(id); CREATE TABLE p1(id int,b int); CREATE INDEX a ON p1(b) WITH (fillfactor=70); CREATE INDEX z ON p1(b);
ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN(1); CREATE INDEX pi ON ONLY p(b); ALTER INDEX pi ATTACH PARTITION z;
