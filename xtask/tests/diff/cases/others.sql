--- labels are added
CREATE TYPE e AS ENUM ('b', 'd');
CREATE TABLE t (a e);
=>
CREATE TYPE e AS ENUM ('a', 'b', 'c', 'd', 'e');
CREATE TABLE t (a e DEFAULT 'c');
--- labels are removed
CREATE TYPE e AS ENUM ('a', 'b', 'c');
CREATE TABLE t (a e DEFAULT 'a' CHECK (a <> 'b'), l e[]);
CREATE VIEW v AS SELECT a FROM t;
CREATE INDEX i ON t (a) WHERE a = 'a';
CREATE FUNCTION f(x e) RETURNS e LANGUAGE sql RETURN x;
=>
CREATE TYPE e AS ENUM ('c', 'a');
CREATE TABLE t (a e DEFAULT 'a', l e[]);
CREATE VIEW v AS SELECT a FROM t;
CREATE INDEX i ON t (a) WHERE a = 'a';
CREATE FUNCTION f(x e) RETURNS e LANGUAGE sql RETURN x;
--- domains and composite types
CREATE DOMAIN d AS int DEFAULT 1 CHECK (VALUE > 0);
CREATE DOMAIN changed AS int;
CREATE TYPE pair AS (a int, b int);
CREATE TABLE t (d d, c changed, p pair);
=>
CREATE DOMAIN d AS int NOT NULL CONSTRAINT small CHECK (VALUE < 9);
CREATE DOMAIN changed AS bigint;
CREATE TYPE pair AS (a int, c text);
CREATE TABLE t (d d, c changed, p pair);
--- functions, procedures and triggers
CREATE TABLE t (a int);
CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN a; END';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION g();
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
=>
CREATE TABLE u (b int);
CREATE TABLE t (a int);
CREATE FUNCTION f(a int) RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM u';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
CREATE TRIGGER tr BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION g();
ALTER TABLE t DISABLE TRIGGER tr;
--- views
CREATE TABLE t (a int, b int, c int);
CREATE VIEW more AS SELECT a FROM t;
CREATE VIEW fewer AS SELECT a, b FROM t;
CREATE VIEW above AS SELECT a FROM fewer;
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE INDEX m_a ON m (a);
=>
CREATE TABLE t (a int, b int);
CREATE VIEW more AS SELECT a, b FROM t;
CREATE VIEW fewer WITH (security_barrier) AS SELECT a FROM t;
CREATE VIEW above AS SELECT a FROM fewer;
CREATE MATERIALIZED VIEW m AS SELECT a, b FROM t;
CREATE INDEX m_a ON m (a);
--- sequences
CREATE SEQUENCE s;
CREATE SEQUENCE gone;
CREATE TABLE t (a int);
=>
CREATE TABLE t (a int);
CREATE SEQUENCE s AS int INCREMENT 2 MAXVALUE 100 CYCLE OWNED BY t.a;
--- limits of sequences
CREATE SEQUENCE raised;
CREATE SEQUENCE lowered START 500;
CREATE SEQUENCE turned;
CREATE SEQUENCE narrow AS bigint;
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, other bigint GENERATED ALWAYS AS IDENTITY (MAXVALUE 9));
=>
CREATE SEQUENCE raised MINVALUE 1000 START 2000;
CREATE SEQUENCE lowered MAXVALUE 100;
CREATE SEQUENCE turned INCREMENT -1;
CREATE SEQUENCE narrow AS smallint;
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (MINVALUE 1000), other bigint GENERATED ALWAYS AS IDENTITY (MINVALUE 50));
--- policies
CREATE TABLE t (a int);
CREATE POLICY p ON t USING (a > 0);
CREATE POLICY q ON t FOR SELECT USING (a > 0);
=>
CREATE TABLE t (a int);
CREATE POLICY p ON t USING (a > 1) WITH CHECK (a > 2);
CREATE POLICY q ON t FOR INSERT WITH CHECK (a > 0);
--- default privileges
CREATE TABLE old (a int);
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
=>
CREATE TABLE old (a int);
CREATE TABLE made (a int);
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
--- publications and statistics
CREATE TABLE t (a int, b int);
CREATE PUBLICATION p FOR TABLE t;
CREATE STATISTICS s (dependencies) ON a, b FROM t;
=>
CREATE TABLE t (a int, b int);
CREATE PUBLICATION p FOR TABLE t WITH (publish = 'insert');
CREATE STATISTICS s (ndistinct) ON a, b FROM t;
--- labels are removed with the columns that have them
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (a e, b int);
=>
CREATE TYPE e AS ENUM ('b');
CREATE TABLE t (b int);
--- a sequence whose owner is dropped
CREATE TABLE one (a int, b int);
CREATE TABLE two (a int);
CREATE SEQUENCE s OWNED BY one.a;
=>
CREATE TABLE one (b int);
CREATE TABLE two (a int);
CREATE SEQUENCE s OWNED BY two.a;
--- labels are put in another order
CREATE TYPE e AS ENUM ('a', 'b');
CREATE TABLE t (a e, l e[]);
=>
CREATE TYPE e AS ENUM ('b', 'a');
CREATE TABLE t (a e, l e[]);
--- row-level security and its policies
CREATE TABLE t (a int);
CREATE TABLE u (a int);
CREATE POLICY p ON u;
=>
CREATE TABLE t (a int);
CREATE TABLE u (a int);
ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON t;
--- a key and an index are dropped
CREATE TABLE t (a int, b int, CONSTRAINT t_pkey PRIMARY KEY (a), UNIQUE (b));
CREATE INDEX t_i ON t (b, a);
=>
CREATE TABLE t (a int NOT NULL, b int);
--- a table becomes a partition
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 (a int);
=>
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
--- the comment of public
COMMENT ON SCHEMA public IS NULL;
=>
COMMENT ON SCHEMA public IS 'ours';
--- members of an operator family
CREATE OPERATOR FAMILY f USING hash;
ALTER OPERATOR FAMILY f USING hash ADD FUNCTION 1 (integer) hashint4(integer), OPERATOR 1 = (integer, integer);
=>
CREATE OPERATOR FAMILY f USING hash;
--- a publication stays without a table that is dropped
CREATE TABLE t (a int);
CREATE PUBLICATION p FOR TABLE t;
=>
CREATE PUBLICATION p;
--- typed tables change with their type
CREATE TYPE pair AS (a int, b text);
CREATE TABLE t OF pair;
CREATE TABLE u OF pair (a WITH OPTIONS NOT NULL);
=>
CREATE TYPE pair AS (a int, c date);
CREATE TABLE t OF pair;
CREATE TABLE u OF pair (a WITH OPTIONS NOT NULL);
--- default privileges with the grant option
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT INSERT, UPDATE ON TABLES TO pg_monitor WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
=>
CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1;
GRANT EXECUTE ON FUNCTION f() TO PUBLIC;
CREATE TABLE t (a int);
GRANT SELECT ON t TO pg_monitor WITH GRANT OPTION;
GRANT INSERT ON t TO pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor;
ALTER DEFAULT PRIVILEGES GRANT INSERT, UPDATE ON TABLES TO pg_monitor WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
--- an extension below default privileges
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
=>
CREATE EXTENSION citext;
ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
--- a materialized view without rows
CREATE TABLE t (a int);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t WITH NO DATA;
=>
CREATE TABLE t (a int);
--- privileges of objects of the system and of an extension
CREATE EXTENSION citext;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_logdir() TO pg_read_all_data;
REVOKE EXECUTE ON FUNCTION citext_hash(citext) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION citext_eq(citext, citext) FROM PUBLIC;
=>
CREATE EXTENSION citext;
GRANT EXECUTE ON FUNCTION citext_hash(citext) TO pg_read_all_data;
GRANT EXECUTE ON FUNCTION citext_eq(citext, citext) TO pg_monitor WITH GRANT OPTION;
--- privileges of an extension that is dropped
CREATE EXTENSION citext;
REVOKE EXECUTE ON FUNCTION citext_hash(citext) FROM PUBLIC;
=>
--- who has a privilege becomes the owner
CREATE DOMAIN d AS integer;
GRANT USAGE ON TYPE d TO pg_monitor;
=>
CREATE DOMAIN d AS integer;
ALTER DOMAIN d OWNER TO pg_monitor;
--- default privileges of what is created with an object
CREATE TYPE spans AS RANGE (SUBTYPE = text, MULTIRANGE_TYPE_NAME = many_spans);
CREATE TABLE dropped (id integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE kept (id integer NOT NULL);
CREATE TABLE extended (name text);
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO PUBLIC;
=>
CREATE TYPE durations AS RANGE (SUBTYPE = interval, MULTIRANGE_TYPE_NAME = many_durations);
CREATE TABLE kept (id integer NOT NULL GENERATED ALWAYS AS IDENTITY);
CREATE TABLE extended (name text, id integer GENERATED ALWAYS AS IDENTITY);
CREATE TABLE created (id integer GENERATED ALWAYS AS IDENTITY);
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO PUBLIC;
--- a procedure that depends on an extension
CREATE EXTENSION pg_trgm;
CREATE PROCEDURE refresh(a integer) LANGUAGE sql AS 'SELECT 1';
=>
CREATE EXTENSION pg_trgm;
CREATE PROCEDURE refresh(a integer) LANGUAGE sql AS 'SELECT 1';
ALTER PROCEDURE refresh DEPENDS ON EXTENSION pg_trgm;
--- published tables that accept no updates
CREATE TABLE identified (id integer PRIMARY KEY, code integer);
CREATE TABLE anonymous (id integer, code integer);
CREATE TABLE filtered (id integer PRIMARY KEY, code integer);
CREATE PUBLICATION changes FOR TABLE identified, anonymous, filtered WHERE (code > 0);
=>
CREATE TABLE identified (id integer PRIMARY KEY, code bigint);
CREATE TABLE anonymous (id integer, code bigint);
CREATE TABLE filtered (id bigint PRIMARY KEY, code integer);
CREATE PUBLICATION changes FOR TABLE identified, anonymous, filtered WHERE (code > 0);
--- options of a TOAST table that a column needs
CREATE TABLE notes (id integer PRIMARY KEY);
=>
CREATE TABLE notes (id integer PRIMARY KEY, body text) WITH (fillfactor = 50, toast.autovacuum_enabled = false);
--- another type of an output argument
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE FUNCTION f(OUT one integer, OUT two mood) LANGUAGE plpgsql AS 'BEGIN END';
=>
CREATE TYPE feeling AS ENUM ('a', 'b');
CREATE FUNCTION f(OUT one integer, OUT two feeling) LANGUAGE plpgsql AS 'BEGIN END';
--- a new label in an array
CREATE TYPE mood AS ENUM ('ok');
CREATE TABLE t (a mood[]);
=>
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE t (a mood[] DEFAULT '{ok,sad}');
--- an extension that can't move to another schema
CREATE SCHEMA one;
CREATE EXTENSION tablefunc SCHEMA one;
CREATE EXTENSION xml2 SCHEMA one;
=>
CREATE SCHEMA other;
CREATE EXTENSION tablefunc SCHEMA other;
CREATE EXTENSION xml2 SCHEMA other;
--- the default privileges of a new schema
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO pg_monitor;
=>
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO pg_monitor;
CREATE SCHEMA made;
REVOKE USAGE ON SCHEMA made FROM pg_monitor;
--- a replica identity whose index is dropped or replaced
CREATE TABLE t (a int NOT NULL, b int NOT NULL);
CREATE UNIQUE INDEX t_a ON t (a);
CREATE TABLE u (a int NOT NULL, b int NOT NULL);
CREATE UNIQUE INDEX u_a ON u (a);
ALTER TABLE u REPLICA IDENTITY USING INDEX u_a;
CREATE TABLE keyed (a int PRIMARY KEY);
ALTER TABLE keyed REPLICA IDENTITY USING INDEX keyed_pkey;
CREATE TABLE gone (a int PRIMARY KEY);
ALTER TABLE gone REPLICA IDENTITY USING INDEX gone_pkey;
=>
CREATE TABLE t (a int NOT NULL, b int NOT NULL);
CREATE UNIQUE INDEX t_a ON t (a, b);
ALTER TABLE t REPLICA IDENTITY USING INDEX t_a;
CREATE TABLE u (a int NOT NULL, b int NOT NULL);
CREATE UNIQUE INDEX u_a ON u (a, b);
ALTER TABLE u REPLICA IDENTITY USING INDEX u_a;
CREATE TABLE keyed (a int NOT NULL);
--- a column moves from a parent to its children
CREATE TABLE parent (a int, b text);
CREATE TABLE child (c int) INHERITS (parent);
CREATE TABLE grandchild () INHERITS (child);
=>
CREATE TABLE parent (a int);
CREATE TABLE child (c int, b text) INHERITS (parent);
CREATE TABLE grandchild () INHERITS (child);
--- sequences with other limits
CREATE SEQUENCE apart MINVALUE 1 MAXVALUE 50;
CREATE SEQUENCE overlapping;
CREATE SEQUENCE backwards INCREMENT -1;
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b bigint GENERATED ALWAYS AS IDENTITY (MAXVALUE 50));
=>
CREATE SEQUENCE apart MINVALUE 100 MAXVALUE 200;
CREATE SEQUENCE overlapping MINVALUE 10;
CREATE SEQUENCE backwards INCREMENT -1 MAXVALUE -10;
CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (MINVALUE 10), b bigint GENERATED ALWAYS AS IDENTITY (MINVALUE 100));
--- a policy that uses a view of its table
CREATE TABLE t (a int PRIMARY KEY, b boolean DEFAULT true CHECK (b));
CREATE VIEW v AS SELECT a FROM t WHERE b;
CREATE POLICY p ON t USING (a IN (SELECT a FROM v));
=>
CREATE TABLE other (a int);
--- publications that stay
CREATE TABLE t (a int PRIMARY KEY, b int);
CREATE TABLE u (a int PRIMARY KEY);
CREATE TABLE p (a int PRIMARY KEY, b int) PARTITION BY LIST (a);
CREATE PUBLICATION one FOR TABLE t, u;
CREATE PUBLICATION rooted FOR TABLE p;
CREATE PUBLICATION whole FOR ALL TABLES;
=>
CREATE TABLE t (a int PRIMARY KEY, b int);
CREATE TABLE v (a int PRIMARY KEY);
CREATE TABLE p (a int PRIMARY KEY, b int) PARTITION BY LIST (a);
CREATE PUBLICATION one FOR TABLE t (a), v WHERE (a > 0) WITH (publish = 'insert');
CREATE PUBLICATION rooted FOR TABLE p WHERE (a > 0) WITH (publish_via_partition_root);
CREATE PUBLICATION whole FOR TABLE t;
--- event triggers that are disabled
CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER one ON sql_drop WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION f();
CREATE EVENT TRIGGER other ON sql_drop WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION f();
ALTER EVENT TRIGGER other ENABLE ALWAYS;
=>
CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER one ON sql_drop WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION f();
ALTER EVENT TRIGGER one DISABLE;
CREATE EVENT TRIGGER other ON sql_drop WHEN TAG IN ('CREATE CAST') EXECUTE FUNCTION f();
ALTER EVENT TRIGGER other ENABLE REPLICA;
--- default privileges that the owner has anyway
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO CURRENT_USER, pg_monitor;
=>
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO CURRENT_USER, pg_monitor;
CREATE VIEW v AS SELECT 1 AS a;
REVOKE ALL ON v FROM pg_monitor;
--- collations for every encoding and for one
CREATE COLLATION every FROM "POSIX";
CREATE COLLATION one (LOCALE = 'C');
CREATE TABLE t (a text COLLATE every);
=>
CREATE COLLATION other FROM "C";
CREATE TABLE t (a text);
--- a label with a line break
CREATE TYPE e AS ENUM ('a');
=>
CREATE TYPE e AS ENUM ('a', E'b\nc');
--- triggers and rules that change
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (a int, b int);
CREATE TRIGGER plain BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
COMMENT ON TRIGGER plain ON t IS 'before';
CREATE TRIGGER off BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE t DISABLE TRIGGER off;
CREATE TRIGGER turned BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE t ENABLE ALWAYS TRIGGER turned;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE r AS ON DELETE TO t WHERE OLD.a > 0 DO INSTEAD NOTHING;
CREATE RULE r_off AS ON DELETE TO t WHERE OLD.a > 0 DO INSTEAD NOTHING;
ALTER TABLE t DISABLE RULE r_off;
CREATE RULE r_turned AS ON DELETE TO t WHERE OLD.a > 0 DO INSTEAD NOTHING;
ALTER TABLE t DISABLE RULE r_turned;
COMMENT ON RULE r ON t IS 'rule';
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TRIGGER above AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE p1 DISABLE TRIGGER above;
=>
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE t (a int, b int);
CREATE TRIGGER plain BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION g();
COMMENT ON TRIGGER plain ON t IS 'after';
CREATE TRIGGER off AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE t DISABLE TRIGGER off;
CREATE TRIGGER turned AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE CONSTRAINT TRIGGER late AFTER INSERT OR UPDATE ON t DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f();
CREATE RULE r AS ON UPDATE TO t WHERE OLD.a > 0 DO INSTEAD NOTHING;
CREATE RULE r_off AS ON DELETE TO t WHERE OLD.a > 1 DO INSTEAD NOTHING;
ALTER TABLE t DISABLE RULE r_off;
CREATE RULE r_turned AS ON DELETE TO t WHERE OLD.a > 1 DO INSTEAD NOTHING;
COMMENT ON RULE r ON t IS 'rule';
CREATE TABLE p (a int, b int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TRIGGER above AFTER INSERT OR UPDATE ON p FOR EACH ROW EXECUTE FUNCTION f();
ALTER TABLE p1 DISABLE TRIGGER above;
--- operators whose commutator or negator is not created, is created and is dropped
CREATE FUNCTION f(int, int) RETURNS bool LANGUAGE sql IMMUTABLE RETURN true;
CREATE OPERATOR <<< (FUNCTION = f, LEFTARG = int, RIGHTARG = int, COMMUTATOR = >>>);
CREATE OPERATOR <<<< (FUNCTION = f, LEFTARG = int, RIGHTARG = int, NEGATOR = >>>>);
CREATE OPERATOR ||| (FUNCTION = f, LEFTARG = int, RIGHTARG = int);
=>
CREATE FUNCTION f(int, int) RETURNS bool LANGUAGE sql IMMUTABLE RETURN true;
CREATE OPERATOR <<< (FUNCTION = f, LEFTARG = int, RIGHTARG = int, COMMUTATOR = >>>);
CREATE OPERATOR >>> (FUNCTION = f, LEFTARG = int, RIGHTARG = int, COMMUTATOR = <<<);
CREATE OPERATOR ||| (FUNCTION = f, LEFTARG = int, RIGHTARG = int, COMMUTATOR = &&&, NEGATOR = !!!);
COMMENT ON OPERATOR ||| (int, int) IS 'or';
--- a comment of an extension that each database has
COMMENT ON EXTENSION plpgsql IS 'ours';
=>
--- a comment of an extension that each database has is removed, and changes
COMMENT ON EXTENSION plpgsql IS NULL;
=>
COMMENT ON EXTENSION plpgsql IS 'ours';
--- functions whose bodies use an operator, a collation and a text search configuration
CREATE SCHEMA s;
=>
CREATE SCHEMA s;
CREATE FUNCTION z(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE OPERATOR ||++ (FUNCTION = z, RIGHTARG = text);
CREATE COLLATION "a b" (provider = icu, locale = 'de');
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
CREATE FUNCTION a(x text) RETURNS int LANGUAGE sql AS 'SELECT OPERATOR(public.||++) x';
CREATE FUNCTION b(x text) RETURNS text LANGUAGE sql AS $$ SELECT 'public.||++'::regoper::text $$;
CREATE FUNCTION c(x text) RETURNS bool LANGUAGE sql AS 'SELECT x < ''y'' COLLATE public."a b"';
CREATE FUNCTION d(x text) RETURNS tsvector LANGUAGE sql AS 'SELECT to_tsvector(''public.words'', x)';
--- the name of a domain's NOT NULL
CREATE DOMAIN a AS text CONSTRAINT foo NOT NULL;
CREATE DOMAIN b AS text CONSTRAINT foo NOT NULL;
COMMENT ON CONSTRAINT foo ON DOMAIN b IS 'x';
CREATE DOMAIN c AS text;
=>
CREATE DOMAIN a AS text NOT NULL;
CREATE DOMAIN b AS text CONSTRAINT bar NOT NULL;
COMMENT ON CONSTRAINT bar ON DOMAIN b IS 'x';
CREATE DOMAIN c AS text CONSTRAINT foo NOT NULL;
