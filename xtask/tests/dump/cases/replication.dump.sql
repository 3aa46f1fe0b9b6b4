--- publication_row_filter

SET check_function_bodies = off;
SET search_path = public;

CREATE TABLE t (
  id integer NOT NULL,
  secret text,
  CONSTRAINT t_pkey PRIMARY KEY (id)
);

CREATE PUBLICATION p FOR TABLE t (id) WHERE (id > 10) WITH (publish = 'insert, update, delete, truncate');
--- publications

SET check_function_bodies = off;
SET search_path = public;

CREATE SCHEMA s;

CREATE OR REPLACE FUNCTION public.wanted(integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT true$function$;

CREATE TABLE a (
  id integer NOT NULL,
  CONSTRAINT a_pkey PRIMARY KEY (id)
);

CREATE TABLE b () INHERITS (a);

CREATE TABLE p (
  id integer
) PARTITION BY LIST (id);

CREATE TABLE s.c (
  x integer
);

CREATE PUBLICATION a_few FOR TABLE ONLY a, TABLE s.c WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root);
COMMENT ON PUBLICATION a_few IS 'some';

CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, truncate');

CREATE PUBLICATION in_schema FOR TABLE ONLY a, TABLE b, TABLES IN SCHEMA s WITH (publish = 'insert, update, delete, truncate');

CREATE PUBLICATION nothing WITH (publish = '');

CREATE PUBLICATION parted FOR TABLE p WITH (publish = 'insert, update, delete, truncate');
--- subscriptions

SET check_function_bodies = off;
SET search_path = public;

CREATE SUBSCRIPTION s CONNECTION 'host=nowhere dbname=x' PUBLICATION a, "B c" WITH (connect = false, slot_name = 'slot', binary = true, streaming = parallel, synchronous_commit = 'local', two_phase = on, disable_on_error = true, password_required = false, run_as_owner = true, origin = none);
COMMENT ON SUBSCRIPTION s IS 'reads';

CREATE SUBSCRIPTION t CONNECTION 'dbname=y password=******** user=u' PUBLICATION a WITH (connect = false, slot_name = NONE);

CREATE SUBSCRIPTION u CONNECTION 'postgres://u:********@nowhere/x?sslmode=disable&password=********' PUBLICATION a WITH (connect = false, slot_name = NONE);
