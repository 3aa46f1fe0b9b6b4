--- a label is removed that no row has
CREATE TYPE mood AS ENUM ('ok', 'sad', 'gone');
CREATE TABLE t (id int PRIMARY KEY, mood mood);
INSERT INTO t VALUES (1, 'ok'), (2, 'sad'), (3, NULL);
=>
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE t (id int PRIMARY KEY, mood mood);
--- an enum of a column with a default, an index, a check and a unique key
CREATE TYPE mood AS ENUM ('ok', 'sad', 'gone');
CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'sad', n int, CHECK (m <> 'sad' OR n > 0), UNIQUE (m, n));
CREATE INDEX t_m ON t (m) WHERE m IN ('ok', 'sad');
CREATE INDEX t_n ON t (n, (m = 'ok'::mood));
INSERT INTO t VALUES (1, 'ok', 1), (2, 'sad', 2);
=>
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'ok', n int, CHECK (m <> 'sad' OR n > 0), UNIQUE (m, n));
CREATE INDEX t_m ON t (m) WHERE m IN ('ok', 'sad');
CREATE INDEX t_n ON t (n, (m = 'ok'::mood));
--- an enum of two tables, with its owner, comment and privileges
CREATE TYPE mood AS ENUM ('ok', 'sad');
COMMENT ON TYPE mood IS 'old';
REVOKE USAGE ON TYPE mood FROM PUBLIC;
CREATE TABLE one (m mood PRIMARY KEY);
CREATE TABLE two (a mood REFERENCES one, b mood);
INSERT INTO one VALUES ('ok'); INSERT INTO two VALUES ('ok', 'ok');
=>
CREATE TYPE mood AS ENUM ('ok');
COMMENT ON TYPE mood IS 'new';
REVOKE USAGE ON TYPE mood FROM PUBLIC;
GRANT USAGE ON TYPE mood TO pg_monitor;
ALTER TYPE mood OWNER TO pg_monitor;
CREATE TABLE one (m mood PRIMARY KEY);
CREATE TABLE two (a mood REFERENCES one, b mood);
--- an enum in arrays, and a column of it that becomes text
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE t (a mood[] NOT NULL DEFAULT '{ok}', b mood DEFAULT 'ok', c text);
CREATE INDEX t_a ON t USING gin (a) WHERE a <> '{ok}'::mood[];
INSERT INTO t VALUES ('{ok,ok}', 'sad', 'ok');
=>
CREATE TYPE mood AS ENUM ('ok');
CREATE TABLE t (a mood[] NOT NULL DEFAULT '{ok}', b text DEFAULT 'ok', c mood);
CREATE INDEX t_a ON t USING gin (a) WHERE a <> '{ok}'::mood[];
--- an enum of views, a function, a trigger and a policy
CREATE TYPE mood AS ENUM ('ok', 'sad', 'gone');
CREATE TABLE t (id int, m mood);
CREATE VIEW v AS SELECT id, m FROM t WHERE m > 'ok';
CREATE VIEW w AS SELECT 'ok'::mood AS m;
CREATE FUNCTION f(m mood) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN m = 'ok'::mood;
CREATE VIEW x AS SELECT id FROM t WHERE f(m);
CREATE MATERIALIZED VIEW y AS SELECT id, m, f(m) AS is_ok FROM t;
CREATE INDEX y_m ON y (m) WHERE f(m);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.m := 'ok'::public.mood; RETURN NEW; END $$;
CREATE TRIGGER keep BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.m = 'sad') EXECUTE FUNCTION g();
CREATE POLICY p ON t USING (f(m));
GRANT EXECUTE ON FUNCTION f TO pg_monitor;
INSERT INTO t VALUES (1, 'sad'), (2, 'ok');
=>
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE t (id int, m mood);
CREATE VIEW v AS SELECT id, m FROM t WHERE m > 'ok';
CREATE VIEW w AS SELECT 'ok'::mood AS m;
CREATE FUNCTION f(m mood) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN m = 'ok'::mood;
CREATE VIEW x AS SELECT id FROM t WHERE f(m);
CREATE MATERIALIZED VIEW y AS SELECT id, m, f(m) AS is_ok FROM t;
CREATE INDEX y_m ON y (m) WHERE f(m);
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.m := 'ok'::public.mood; RETURN NEW; END $$;
CREATE TRIGGER keep BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.m = 'sad') EXECUTE FUNCTION g();
CREATE POLICY p ON t USING (f(m));
GRANT EXECUTE ON FUNCTION f TO pg_monitor;
--- an enum in another schema with a quoted name
CREATE SCHEMA "My Schema";
CREATE TYPE "My Schema"."Mood" AS ENUM ('ok', 'sad');
CREATE TABLE "My Schema".t ("Mood" "My Schema"."Mood" DEFAULT 'ok');
CREATE INDEX i ON "My Schema".t (("Mood" = 'ok'));
INSERT INTO "My Schema".t VALUES ('ok');
=>
CREATE SCHEMA "My Schema";
CREATE TYPE "My Schema"."Mood" AS ENUM ('ok');
CREATE TABLE "My Schema".t ("Mood" "My Schema"."Mood" NOT NULL DEFAULT 'ok');
CREATE INDEX i ON "My Schema".t (("Mood" = 'ok'));
--- columns of a new and of a dropped table, and of dropped and new columns
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE gone (m mood);
CREATE TABLE t (kept mood, dropped mood DEFAULT 'a');
=>
CREATE TYPE mood AS ENUM ('b');
CREATE TABLE t (kept mood, new mood DEFAULT 'b');
CREATE TABLE made (m mood);
--- enums that cannot be exchanged
CREATE TYPE of_domain AS ENUM ('a', 'b');
CREATE DOMAIN d AS of_domain;
CREATE TYPE of_index AS ENUM ('a', 'b');
CREATE FUNCTION f(e of_index) RETURNS int LANGUAGE sql IMMUTABLE RETURN 1;
CREATE TYPE taken AS ENUM ('a', 'b');
CREATE TYPE taken_new AS ENUM ('a', 'b');
CREATE TABLE t (a of_domain, c of_index, x taken);
CREATE INDEX i ON t (f(c));
=>
CREATE TYPE of_domain AS ENUM ('b', 'a');
CREATE DOMAIN d AS of_domain;
CREATE TYPE of_index AS ENUM ('b', 'a');
CREATE FUNCTION f(e of_index) RETURNS int LANGUAGE sql IMMUTABLE RETURN 1;
CREATE TYPE taken AS ENUM ('b', 'a');
CREATE TYPE taken_new AS ENUM ('a', 'b');
CREATE TABLE t (a of_domain, c of_index, x taken);
CREATE INDEX i ON t (f(c));
--- in all partitions
CREATE TYPE mood AS ENUM ('ok', 'gone', 'sad');
CREATE TABLE t (k int, m mood NOT NULL DEFAULT 'ok') PARTITION BY LIST (k);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
CREATE TABLE u (m mood);
INSERT INTO t VALUES (1, 'sad'), (2, 'ok');
=>
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE t (k int, m mood NOT NULL DEFAULT 'ok') PARTITION BY LIST (k);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
CREATE TABLE t2 PARTITION OF t FOR VALUES IN (2);
CREATE TABLE u (m mood);
