--- an owner changes with a new serial column
CREATE TABLE t (a int);
CREATE TABLE u (a int);
ALTER TABLE u OWNER TO pg_monitor;
=>
CREATE TABLE t (a int, id serial);
CREATE TABLE u (a int, id serial);
ALTER TABLE t OWNER TO pg_monitor;
--- an owner changes with a sequence that stays
CREATE TABLE t (id int, a int);
CREATE SEQUENCE s OWNED BY t.id;
CREATE SEQUENCE r;
CREATE TABLE u (id int);
ALTER TABLE u OWNER TO pg_monitor;
CREATE TABLE v (id int);
CREATE SEQUENCE q OWNED BY v.id;
=>
CREATE TABLE t (id int, a int);
CREATE SEQUENCE s;
CREATE SEQUENCE r;
ALTER SEQUENCE r OWNER TO pg_monitor;
CREATE TABLE u (id int);
ALTER SEQUENCE s OWNED BY u.id;
CREATE TABLE v (id int);
CREATE SEQUENCE q OWNED BY v.id;
ALTER TABLE v OWNER TO pg_monitor;
ALTER TABLE t OWNER TO pg_monitor;
ALTER SEQUENCE r OWNED BY t.id;
--- a sequence moves to a table whose owner changes
CREATE TABLE t (id int);
CREATE TABLE u (id int);
CREATE SEQUENCE s OWNED BY t.id;
=>
CREATE TABLE t (id int);
CREATE TABLE u (id int);
CREATE SEQUENCE s OWNED BY u.id;
ALTER TABLE u OWNER TO pg_monitor;
--- a sequence moves between tables whose owners change
CREATE TABLE t (id int);
CREATE TABLE u (id int);
ALTER TABLE t OWNER TO pg_monitor;
CREATE SEQUENCE s;
ALTER SEQUENCE s OWNER TO pg_monitor;
ALTER SEQUENCE s OWNED BY t.id;
=>
CREATE TABLE t (id int);
CREATE TABLE u (id int);
ALTER TABLE u OWNER TO pg_read_all_stats;
CREATE SEQUENCE s;
ALTER SEQUENCE s OWNER TO pg_read_all_stats;
ALTER SEQUENCE s OWNED BY u.id;
--- an owner changes with an identity column and a serial one of a partitioned table
CREATE TABLE p (a int) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
=>
CREATE TABLE p (a int, id serial, g bigint GENERATED ALWAYS AS IDENTITY) PARTITION BY LIST (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
ALTER TABLE p OWNER TO pg_monitor;
ALTER TABLE p1 OWNER TO pg_monitor;
--- a sequence is released and changes its owner
CREATE TABLE t (id int);
CREATE SEQUENCE s OWNED BY t.id;
ALTER TABLE t OWNER TO pg_monitor;
CREATE TABLE u (id int);
CREATE SEQUENCE r OWNED BY u.id;
ALTER TABLE u OWNER TO pg_monitor;
CREATE SEQUENCE q;
ALTER SEQUENCE q OWNER TO pg_monitor;
=>
CREATE TABLE t (id int);
CREATE SEQUENCE s;
ALTER TABLE t OWNER TO pg_monitor;
CREATE TABLE u (id int);
CREATE SEQUENCE r;
ALTER SEQUENCE r OWNER TO pg_monitor;
CREATE SEQUENCE q;
--- a sequence moves between tables that are dropped and created
CREATE TABLE t (id int);
CREATE SEQUENCE s OWNED BY t.id;
ALTER TABLE t OWNER TO pg_monitor;
CREATE SEQUENCE r;
ALTER SEQUENCE r OWNER TO pg_monitor;
GRANT USAGE ON SEQUENCE r TO pg_read_all_stats;
=>
CREATE TABLE u (id int);
CREATE SEQUENCE s OWNED BY u.id;
ALTER TABLE u OWNER TO pg_read_all_stats;
CREATE TABLE v (id int DEFAULT 1);
CREATE SEQUENCE r OWNED BY v.id;
ALTER TABLE v OWNER TO pg_read_all_stats;
--- one who has all privileges with the option to grant becomes the owner
CREATE TABLE t (a int);
GRANT ALL ON t TO pg_monitor WITH GRANT OPTION;
CREATE TABLE u (a int);
GRANT SELECT ON u TO pg_monitor WITH GRANT OPTION;
=>
CREATE TABLE t (a int);
GRANT ALL ON t TO pg_monitor WITH GRANT OPTION;
ALTER TABLE t OWNER TO pg_monitor;
CREATE TABLE u (a int);
GRANT SELECT ON u TO pg_monitor WITH GRANT OPTION;
ALTER TABLE u OWNER TO pg_monitor;
--- default privileges of the owner of a table that gets an identity column
ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor GRANT ALL ON SEQUENCES TO pg_read_all_data;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO pg_write_all_data;
CREATE TABLE t2 (s2 text NOT NULL);
ALTER TABLE t2 OWNER TO pg_monitor;
CREATE TABLE t3 (s2 text NOT NULL, id int NOT NULL);
ALTER TABLE t3 OWNER TO pg_monitor;
=>
ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor GRANT ALL ON SEQUENCES TO pg_read_all_data;
CREATE TABLE t2 (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, s2 text NOT NULL);
CREATE TABLE t3 (s2 text NOT NULL, id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO pg_write_all_data;
ALTER TABLE t2 OWNER TO pg_monitor;
ALTER TABLE t3 OWNER TO pg_monitor;
--- a privilege on a column that a former owner has
CREATE TABLE t (id int, a int);
GRANT UPDATE (id), SELECT (a) ON t TO pg_monitor;
GRANT UPDATE (a) ON t TO pg_monitor WITH GRANT OPTION;
=>
CREATE TABLE t (id int, a int);
GRANT UPDATE (id), SELECT (a) ON t TO pg_monitor;
GRANT UPDATE (a) ON t TO pg_monitor WITH GRANT OPTION;
ALTER TABLE t OWNER TO pg_monitor;
--- what the owner lacks, from and to the role that migrates
CREATE SCHEMA app AUTHORIZATION pg_monitor;
CREATE TABLE t (a int, b int);
ALTER TABLE t OWNER TO pg_monitor;
REVOKE SELECT ON t FROM pg_monitor;
GRANT SELECT (a) ON t TO pg_monitor;
REVOKE UPDATE ON t FROM pg_monitor;
GRANT UPDATE ON t TO postgres;
=>
CREATE SCHEMA app AUTHORIZATION pg_monitor;
REVOKE ALL ON SCHEMA app FROM pg_monitor;
ALTER SCHEMA app OWNER TO postgres;
CREATE TABLE t (a int, b int);
ALTER TABLE t OWNER TO pg_monitor;
REVOKE SELECT ON t FROM pg_monitor;
GRANT SELECT (a) ON t TO pg_monitor;
REVOKE UPDATE ON t FROM pg_monitor;
GRANT UPDATE ON t TO postgres;
ALTER TABLE t OWNER TO postgres;
--- a new owner lacks privileges, except on columns
CREATE TABLE t (a int, b int); ALTER TABLE t OWNER TO pg_read_all_data;
REVOKE ALL ON t FROM pg_read_all_data; GRANT SELECT (a), UPDATE (b) ON t TO pg_monitor;
=>
CREATE TABLE t (a int, b int); ALTER TABLE t OWNER TO pg_monitor; REVOKE ALL ON t FROM pg_monitor;
      GRANT SELECT (a), UPDATE (b) ON t TO pg_monitor;
--- default privileges with the option to grant, of one who becomes the owner
CREATE SCHEMA app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON SEQUENCES TO pg_monitor WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO pg_monitor WITH GRANT OPTION;
=>
CREATE SCHEMA app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON SEQUENCES TO pg_monitor WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO pg_monitor WITH GRANT OPTION;
CREATE SEQUENCE app.s3;
ALTER SEQUENCE app.s3 OWNER TO pg_monitor;
ALTER SEQUENCE app.s3 SET SCHEMA public;
CREATE SEQUENCE s4;
ALTER SEQUENCE s4 OWNER TO pg_monitor;
CREATE SEQUENCE s5;
CREATE TABLE app.t (a int);
ALTER TABLE app.t OWNER TO pg_monitor;
ALTER TABLE app.t SET SCHEMA public;
CREATE TABLE u (a int);
ALTER TABLE u OWNER TO pg_monitor;
REVOKE GRANT OPTION FOR SELECT ON u FROM pg_monitor;
CREATE TABLE v (a int);
ALTER TABLE v OWNER TO pg_monitor;
REVOKE SELECT ON v FROM pg_monitor;
CREATE TABLE w (a int);
ALTER TABLE w OWNER TO pg_monitor;
REVOKE ALL ON w FROM pg_monitor;
