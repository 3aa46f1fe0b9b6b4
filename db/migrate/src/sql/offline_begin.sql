SET client_min_messages = error;
DO $$BEGIN PERFORM pg_catalog.set_config('migrate.path', pg_catalog.current_schemas(false)::pg_catalog.text, false); END$$;
DO $$BEGIN PERFORM pg_catalog.set_config('migrate.path_source', (SELECT source FROM pg_catalog.pg_settings WHERE name OPERATOR(pg_catalog.=) 'search_path'), false); END$$;
-- Under `psql -1`, a transaction is open already, and BEGIN would warn.
BEGIN;
SET LOCAL search_path = pg_catalog, pg_temp;
DO $begin$
DECLARE
  schemas name[];
BEGIN
  IF pg_is_in_recovery() THEN
    RAISE EXCEPTION 'the server is a standby, which is read-only' USING HINT = 'connect to the primary server';
  ELSIF current_setting('transaction_read_only') = 'on' THEN
    RAISE EXCEPTION 'the database is read-only: `default_transaction_read_only` is on'
      USING HINT = 'it is set for the server, the database or the role; `options=''-c default_transaction_read_only=off''` in the connection settings overrides it';
  END IF;
  schemas := ARRAY(SELECT nspname FROM (
{find}) found);
  IF cardinality(schemas) = 0 THEN
    RAISE EXCEPTION 'no schema for the version table: no schema in `search_path` exists'
      USING HINT = 'create one, or write the script again with `version_table_schema` set in xtask.toml';
  ELSIF cardinality(schemas) > 1 THEN
    RAISE EXCEPTION 'several schemas have a version table: %',
      (SELECT string_agg(format('%I.%I', nspname, {table}), ', ') FROM unnest(schemas) AS several (nspname))
      USING HINT = 'set `version_table_schema` in xtask.toml to the schema of the one to use, and write the script again';
  END IF;
  PERFORM set_config('migrate.schema', schemas[1], false);
END
$begin$;
SELECT
  nspname AS migrate_schema,
  set_config('migrate.key', ('x' || encode(substring(sha256(
    decode('6d69677261746500', 'hex')
    || CASE WHEN nspname = 'public' THEN '' ELSE convert_to(nspname, 'UTF8') || decode('00', 'hex') END
    || convert_to({table}, 'UTF8')
  ) FOR 8), 'hex'))::bit(64)::bigint::text, false) AS migrate_key
FROM current_setting('migrate.schema') AS nspname
\gset
