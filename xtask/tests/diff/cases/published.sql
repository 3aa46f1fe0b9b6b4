--- published tables whose primary key is replaced
CREATE TABLE p1 (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n1 integer, s1 text);
CREATE TABLE p2 (id int, n int, PRIMARY KEY (id));
CREATE TABLE p3 (id int, n int NOT NULL, PRIMARY KEY (id), u text DEFAULT 'x');
CREATE PUBLICATION pub2 FOR ALL TABLES;
=>
CREATE TABLE p1 (renamed int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n1 integer, s1 text);
CREATE TABLE p2 (id int, n int, PRIMARY KEY (id, n));
CREATE TABLE p3 (id int, n int NOT NULL, CONSTRAINT other PRIMARY KEY (n), u text DEFAULT 'y', g uuid DEFAULT gen_random_uuid());
CREATE PUBLICATION pub2 FOR ALL TABLES;
--- a published table and a partition whose replica identity is replaced
CREATE TABLE p1 (id int NOT NULL, n int NOT NULL, s text);
CREATE UNIQUE INDEX a ON p1 (id);
ALTER TABLE p1 REPLICA IDENTITY USING INDEX a;
CREATE PUBLICATION pub2 FOR TABLE p1;
CREATE TABLE p (id int PRIMARY KEY, n int NOT NULL, s text) PARTITION BY LIST (id);
CREATE TABLE q PARTITION OF p FOR VALUES IN (1);
CREATE PUBLICATION pubp FOR TABLE p;
=>
CREATE TABLE p1 (id int NOT NULL, n int NOT NULL, s text, g uuid DEFAULT gen_random_uuid());
CREATE UNIQUE INDEX b ON p1 (n);
ALTER TABLE p1 REPLICA IDENTITY USING INDEX b;
CREATE PUBLICATION pub2 FOR TABLE p1;
CREATE TABLE p (id int, n int NOT NULL, s text, g uuid DEFAULT gen_random_uuid(), CONSTRAINT other PRIMARY KEY (id, n)) PARTITION BY LIST (id);
CREATE TABLE q PARTITION OF p FOR VALUES IN (1);
CREATE PUBLICATION pubp FOR TABLE p;
--- replica identities of partitions, of other kinds and with lists of columns
CREATE TABLE p(id int,b int NOT NULL) PARTITION BY LIST(id); CREATE TABLE p1 PARTITION OF p (CONSTRAINT x PRIMARY KEY(id)) FOR VALUES IN(1); CREATE PUBLICATION pub FOR TABLE p WITH (publish_via_partition_root);
CREATE TABLE di(id int, b int NOT NULL, CONSTRAINT dx PRIMARY KEY(id));
CREATE TABLE id(id int NOT NULL, b int NOT NULL);
CREATE UNIQUE INDEX wi ON id (id); ALTER TABLE id REPLICA IDENTITY USING INDEX wi;
CREATE PUBLICATION pub2 FOR TABLE di, id;
CREATE TABLE l(id int, b int NOT NULL, CONSTRAINT lx PRIMARY KEY(id)); CREATE PUBLICATION pub3 FOR TABLE l(id,b);
=>
CREATE TABLE p(id int,b int NOT NULL) PARTITION BY LIST(id); CREATE TABLE p1 PARTITION OF p (CONSTRAINT y PRIMARY KEY(id, b)) FOR VALUES IN(1); CREATE PUBLICATION pub FOR TABLE p WITH (publish_via_partition_root);
CREATE TABLE di(id int NOT NULL, b int NOT NULL);
CREATE UNIQUE INDEX n ON di (b); ALTER TABLE di REPLICA IDENTITY USING INDEX n;
CREATE TABLE id(id int NOT NULL, b int PRIMARY KEY);
CREATE PUBLICATION pub2 FOR TABLE di, id;
CREATE TABLE l(id int, b int NOT NULL, CONSTRAINT ly PRIMARY KEY(id, b)); CREATE PUBLICATION pub3 FOR TABLE l(id,b);
--- a column of a list is dropped
CREATE TABLE t (id int, n int, s text);
CREATE PUBLICATION p FOR TABLE t (id, s) WHERE (id > 0);
=>
CREATE TABLE t (n int, s text);
CREATE PUBLICATION p;
--- an unlogged table becomes logged with a key on a new column, and is published by that
CREATE UNLOGGED TABLE t2 (v int);
CREATE PUBLICATION pub2 FOR ALL TABLES;
=>
CREATE TABLE t2 (id serial PRIMARY KEY, v int);
CREATE PUBLICATION pub2 FOR ALL TABLES;
