SET client_min_messages = error;
DO $$BEGIN PERFORM pg_catalog.set_config('migrate.path', pg_catalog.current_schemas(false)::pg_catalog.text, false); END$$;
DO $$BEGIN PERFORM pg_catalog.set_config('migrate.path_source', (SELECT source FROM pg_catalog.pg_settings WHERE name OPERATOR(pg_catalog.=) 'search_path'), false); END$$;
-- Under `psql -1`, a transaction is open already, and BEGIN would warn.
BEGIN;
SET LOCAL search_path = pg_catalog, pg_temp;
SELECT
  set_config('migrate.schema', nspname, false) AS migrate_schema,
  set_config('migrate.key', ('x' || encode(substring(sha256(
    decode('6d69677261746500', 'hex')
    || CASE WHEN nspname = 'public' THEN '' ELSE convert_to(nspname, 'UTF8') || decode('00', 'hex') END
    || convert_to({table}, 'UTF8')
  ) FOR 8), 'hex'))::bit(64)::bigint::text, false) AS migrate_key
FROM (
{find}) found
\gset
