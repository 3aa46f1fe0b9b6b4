--- content of publications
ALTER PUBLICATION five SET TABLE t, TABLES IN SCHEMA r;
ALTER PUBLICATION four SET TABLE "v (a) WHERE", TABLE t;
ALTER PUBLICATION one SET TABLE "v (a) WHERE" (a) WHERE (a < 5), TABLE t (a), TABLE u WHERE (a > 1);
ALTER PUBLICATION six SET TABLE "v (a) WHERE" WHERE (a < 5), TABLE t (a);
ALTER PUBLICATION three SET TABLE u WHERE (a > 0), TABLES IN SCHEMA r;
ALTER PUBLICATION two SET TABLES IN SCHEMA r, TABLES IN SCHEMA s;
<=
DROP PUBLICATION six;
DROP PUBLICATION five;
CREATE PUBLICATION five WITH (publish = 'insert, update, delete, truncate');
ALTER PUBLICATION four SET TABLE "v (a) WHERE", TABLE t, TABLE u;
ALTER PUBLICATION one SET TABLE t (a, b), TABLE u WHERE (a > 0);
CREATE PUBLICATION six WITH (publish = 'insert, update, delete, truncate');
ALTER PUBLICATION three SET TABLE t, TABLES IN SCHEMA s;
ALTER PUBLICATION two SET TABLES IN SCHEMA s;
--- options of publications
ALTER PUBLICATION four SET (publish = 'delete, truncate', publish_via_partition_root = true);
ALTER PUBLICATION three SET (publish = 'delete', publish_via_partition_root = false);
ALTER PUBLICATION two SET (publish = 'insert, update, delete, truncate');
<=
ALTER PUBLICATION four SET (publish = 'truncate', publish_via_partition_root = false);
ALTER PUBLICATION three SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = true);
ALTER PUBLICATION two SET (publish = '');
--- options of views
-- authorization change: who may use what VIEW five uses changes
CREATE OR REPLACE VIEW five AS
 SELECT a
   FROM t;
CREATE OR REPLACE VIEW four WITH (check_option=local) AS
 SELECT a
   FROM t;
ALTER MATERIALIZED VIEW m RESET (autovacuum_enabled);
ALTER MATERIALIZED VIEW m SET (fillfactor=80, autovacuum_vacuum_threshold=9);
-- authorization change: who may use what VIEW one uses changes
CREATE OR REPLACE VIEW one WITH (security_barrier=true, check_option=local) AS
 SELECT a
   FROM t;
CREATE OR REPLACE VIEW six AS
 SELECT a
   FROM t;
CREATE OR REPLACE VIEW three WITH (check_option=cascaded, security_barrier=true) AS
 SELECT a
   FROM t;
-- authorization change: who may use what VIEW two uses changes
CREATE OR REPLACE VIEW two WITH (security_barrier=true, security_invoker=true) AS
 SELECT a
   FROM t;
<=
-- authorization change: who may use what VIEW five uses changes
CREATE OR REPLACE VIEW five WITH (security_invoker=on) AS
 SELECT a
   FROM t;
CREATE OR REPLACE VIEW four WITH (check_option=cascaded) AS
 SELECT a
   FROM t;
ALTER MATERIALIZED VIEW m RESET (autovacuum_vacuum_threshold);
ALTER MATERIALIZED VIEW m SET (fillfactor=70, autovacuum_enabled=off);
-- authorization change: who may use what VIEW one uses changes
CREATE OR REPLACE VIEW one AS
 SELECT a
   FROM t;
CREATE OR REPLACE VIEW six WITH (security_barrier=false) AS
 SELECT a
   FROM t;
CREATE OR REPLACE VIEW three WITH (security_barrier=true, check_option=local) AS
 SELECT a
   FROM t;
-- authorization change: who may use what VIEW two uses changes
CREATE OR REPLACE VIEW two WITH (security_barrier=true) AS
 SELECT a
   FROM t;
--- options in another order make no difference
<=
--- options with quotes
ALTER FOREIGN DATA WRAPPER w OPTIONS (DROP "B c", ADD "B d" 'x', SET a 'it''s, a=c');
ALTER SERVER s OPTIONS (ADD b '');
ALTER FOREIGN TABLE f OPTIONS (DROP b, SET "Odd name" 'x''z', ADD c '"z"');
ALTER TABLE f ALTER COLUMN a OPTIONS (SET c 'd, e=g', ADD e '');
ALTER TABLE t SET (autovacuum_vacuum_scale_factor=0.25, user_catalog_table=false);
<=
ALTER FOREIGN DATA WRAPPER w OPTIONS (DROP "B d", ADD "B c" 'x', SET a 'it''s, a=b');
ALTER SERVER s OPTIONS (DROP b);
ALTER FOREIGN TABLE f OPTIONS (DROP c, SET "Odd name" 'x''y', ADD b '"z"');
ALTER TABLE f ALTER COLUMN a OPTIONS (DROP e, SET c 'd, e=f');
ALTER TABLE t SET (autovacuum_vacuum_scale_factor=0.5, user_catalog_table=true);
--- functions and views that reach more or less than before
DROP VIEW v;
DROP FUNCTION g();
-- authorization change: who may use what FUNCTION f() uses changes
CREATE OR REPLACE FUNCTION public.f()
 RETURNS integer
 LANGUAGE sql
 SET search_path TO 'pg_catalog'
RETURN 1;
-- untrackable function dependency: PostgreSQL does not record what the body of g() uses
-- authorization change: who may use what FUNCTION g() uses changes
CREATE OR REPLACE FUNCTION public.g()
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
AS $function$SELECT 1::bigint$function$;
-- untrackable function dependency: PostgreSQL does not record what the body of h() uses
CREATE OR REPLACE PROCEDURE public.h()
 LANGUAGE sql
AS $procedure$ SELECT 2 -- SECURITY DEFINER, or not$procedure$;
-- authorization change: who may use what VIEW v uses changes
CREATE VIEW v AS
 SELECT 1 AS a;
CREATE OR REPLACE VIEW w AS
 SELECT 1 AS a;
<=
DROP FUNCTION g();
-- authorization change: who may use what FUNCTION f() uses changes
CREATE OR REPLACE FUNCTION public.f()
 RETURNS integer
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
RETURN 1;
-- untrackable function dependency: PostgreSQL does not record what the body of g() uses
-- authorization change: who may use what FUNCTION g() uses changes
CREATE OR REPLACE FUNCTION public.g()
 RETURNS integer
 LANGUAGE sql
AS $function$SELECT 1$function$;
-- untrackable function dependency: PostgreSQL does not record what the body of h() uses
CREATE OR REPLACE PROCEDURE public.h()
 LANGUAGE sql
AS $procedure$ SELECT 1 -- SECURITY DEFINER$procedure$;
-- authorization change: who may use what VIEW v uses changes
CREATE OR REPLACE VIEW v WITH (security_invoker=true) AS
 SELECT 1 AS a,
    2 AS b;
CREATE OR REPLACE VIEW w WITH (security_barrier=off) AS
 SELECT 1 AS a;
--- storage parameters of indexes
ALTER INDEX p1a_pkey SET (fillfactor=80);
ALTER INDEX p1a_s1_idx SET (fillfactor=80);
ALTER INDEX t_b_key SET (fillfactor=80);
ALTER INDEX t_i SET (fillfactor=80);
ALTER INDEX t_pkey SET (fillfactor=80);
<=
ALTER INDEX p1a_pkey RESET (fillfactor);
ALTER INDEX p1a_s1_idx RESET (fillfactor);
ALTER INDEX t_b_key RESET (fillfactor);
ALTER INDEX t_i RESET (fillfactor);
ALTER INDEX t_pkey RESET (fillfactor);
--- storage and compression of columns, where PostgreSQL changes those of the index otherwise
ALTER TABLE t ALTER COLUMN s SET STORAGE EXTERNAL;
ALTER TABLE t ALTER COLUMN r SET COMPRESSION pglz;
<=
ALTER TABLE t ALTER COLUMN s SET STORAGE EXTENDED;
ALTER TABLE t ALTER COLUMN r SET COMPRESSION default;
--- storage parameters that PostgreSQL reads when it builds an index, and others
ALTER INDEX g SET (fastupdate=off);
ALTER INDEX j SET (autosummarize=on);
ALTER INDEX w RESET (deduplicate_items);
ALTER INDEX w SET (fillfactor=80);

-- Transaction: off
-- index build: building h takes time and I/O
CREATE INDEX CONCURRENTLY h__new ON t USING hash (a) WITH (fillfactor='80');
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX h;
  ALTER INDEX h__new RENAME TO h;
END
$swap$;
RESET lock_timeout;
-- index build: building i takes time and I/O
CREATE INDEX CONCURRENTLY i__new ON t USING brin (a) WITH (pages_per_range='4');
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX i;
  ALTER INDEX i__new RENAME TO i;
END
$swap$;
RESET lock_timeout;
<=
ALTER INDEX g RESET (fastupdate);
ALTER INDEX j RESET (autosummarize);
ALTER INDEX w SET (deduplicate_items=off, fillfactor=70);

-- Transaction: off
-- index build: building h takes time and I/O
CREATE INDEX CONCURRENTLY h__new ON t USING hash (a) WITH (fillfactor='70');
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX h;
  ALTER INDEX h__new RENAME TO h;
END
$swap$;
RESET lock_timeout;
-- index build: building i takes time and I/O
CREATE INDEX CONCURRENTLY i__new ON t USING brin (a) WITH (pages_per_range='128');
SET lock_timeout = '5s';
DO $swap$
BEGIN
  DROP INDEX i;
  ALTER INDEX i__new RENAME TO i;
END
$swap$;
RESET lock_timeout;
