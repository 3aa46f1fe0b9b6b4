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
