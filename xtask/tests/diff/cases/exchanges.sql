--- a column with everything that can move to another one
CREATE TABLE item (id serial, "Code" text NOT NULL DEFAULT '0', b int, CONSTRAINT filled CHECK ("Code" <> ''));
CREATE INDEX item_code ON item (lower("Code"), b) WHERE "Code" <> 'x';
CREATE UNIQUE INDEX item_unique ON item ("Code") INCLUDE (b);
COMMENT ON INDEX item_unique IS 'kept';
COMMENT ON CONSTRAINT filled ON item IS 'kept';
COMMENT ON COLUMN item."Code" IS 'kept';
GRANT SELECT ("Code") ON item TO PUBLIC;
ALTER TABLE item ALTER "Code" SET STATISTICS 100;
CREATE VIEW codes AS SELECT "Code", b FROM item;
CREATE VIEW above AS SELECT "Code" FROM codes;
GRANT SELECT ON above TO PUBLIC;
CREATE POLICY p ON item USING ("Code" <> 'y');
=>
CREATE TABLE item (id serial, "Code" varchar(9) NOT NULL DEFAULT '1', b int, CONSTRAINT filled CHECK ("Code" <> ''));
CREATE INDEX item_code ON item (lower("Code"), b) WHERE "Code" <> 'x';
CREATE UNIQUE INDEX item_unique ON item ("Code") INCLUDE (b);
COMMENT ON INDEX item_unique IS 'kept';
COMMENT ON CONSTRAINT filled ON item IS 'kept';
COMMENT ON COLUMN item."Code" IS 'kept';
GRANT SELECT ("Code") ON item TO PUBLIC;
ALTER TABLE item ALTER "Code" SET STATISTICS 100;
CREATE VIEW codes AS SELECT "Code", b FROM item;
CREATE VIEW above AS SELECT "Code" FROM codes;
GRANT SELECT ON above TO PUBLIC;
CREATE POLICY p ON item USING ("Code" <> 'y');
--- a serial column in another schema, and two columns of a view
CREATE SCHEMA s;
CREATE TABLE s.t (a serial, b int, c jsonb);
CREATE INDEX t_a ON s.t (a);
CREATE VIEW v AS SELECT a, b FROM s.t;
=>
CREATE SCHEMA s;
CREATE TABLE s.t (a bigserial, b bigint NOT NULL DEFAULT 1, c json);
CREATE INDEX t_a ON s.t (a);
CREATE VIEW v AS SELECT a, b FROM s.t;
--- columns that cannot be exchanged
CREATE TABLE p (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a) STORED);
CREATE TABLE u (a int UNIQUE, b int REFERENCES p, c int, c_new int);
CREATE TABLE parent (a int, b int);
CREATE TABLE child () INHERITS (parent);
=>
CREATE TABLE p (a bigint PRIMARY KEY, b int GENERATED ALWAYS AS (a) STORED);
CREATE TABLE u (a bigint UNIQUE, b bigint REFERENCES p, c bigint, c_new int);
CREATE TABLE parent (a int, b bigint);
CREATE TABLE child () INHERITS (parent);
--- a type that goes with the old column
CREATE TYPE color AS ENUM ('red');
CREATE SEQUENCE gone;
CREATE TABLE t (a color DEFAULT 'red', b int DEFAULT nextval('gone'));
=>
CREATE TABLE t (a text, b text);
--- a default that calls a function that is replaced
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE t (a int DEFAULT f());
=>
CREATE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''2''';
CREATE TABLE t (a text DEFAULT f());
--- columns that get NOT NULL and a default with their type
CREATE TABLE t (id int PRIMARY KEY, a int, b int DEFAULT 1, c text, d int);
=>
CREATE TABLE t (id int PRIMARY KEY, a bigint NOT NULL DEFAULT 5, b bigint NOT NULL DEFAULT 2, c int NOT NULL DEFAULT 7, d bigint NOT NULL);
--- serial columns that become texts
CREATE TABLE t (id serial, n int);
CREATE TABLE p (id serial, a text) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
=>
CREATE TABLE t (id text, n int);
CREATE TABLE p (id text, a text) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN ('a');
--- columns whose values have fields
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN known AS pair;
CREATE TABLE r (id int);
CREATE TABLE t (id int, k pair, l pair NOT NULL, m text, n pair, o r, p known);
=>
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN known AS pair;
CREATE TABLE r (id int);
CREATE TABLE t (id int, k text, l text NOT NULL, m pair NOT NULL, n pair NOT NULL, o r NOT NULL, p known NOT NULL, q pair DEFAULT ROW((random() * 9)::int, NULL)::pair);
