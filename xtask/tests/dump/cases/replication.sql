--- publication_row_filter since 15
CREATE TABLE t (id int PRIMARY KEY, secret text);
CREATE PUBLICATION p FOR TABLE t (id) WHERE (id > 10);
--- publications since 15
CREATE SCHEMA s;
CREATE TABLE a (id int PRIMARY KEY);
CREATE TABLE b () INHERITS (a);
CREATE TABLE s.c (x int);
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, truncate');
CREATE PUBLICATION a_few FOR TABLE ONLY a, s.c WITH (publish_via_partition_root = true);
CREATE PUBLICATION in_schema FOR TABLES IN SCHEMA s, TABLE a;
CREATE PUBLICATION nothing WITH (publish = '');
COMMENT ON PUBLICATION a_few IS 'some';
CREATE FUNCTION wanted(int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE TABLE p (id int) PARTITION BY LIST (id);
CREATE PUBLICATION parted FOR TABLE p;
--- subscriptions since 16
CREATE SUBSCRIPTION s CONNECTION 'host=nowhere dbname=x' PUBLICATION a, "B c" WITH (connect = false, slot_name = 'slot', binary = true, streaming = parallel, synchronous_commit = 'local', two_phase = true, disable_on_error = true, password_required = false, run_as_owner = true, origin = none);
COMMENT ON SUBSCRIPTION s IS 'reads';
CREATE SUBSCRIPTION t CONNECTION 'dbname=y password=''hun \''ter2'' user=u' PUBLICATION a WITH (connect = false, slot_name = NONE, enabled = false, create_slot = false);
CREATE SUBSCRIPTION u CONNECTION 'postgres://u:hunter2@nowhere/x?sslmode=disable&password=hunter2' PUBLICATION a WITH (connect = false, slot_name = NONE, enabled = false, create_slot = false);
