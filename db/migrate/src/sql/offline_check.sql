DO $check$
DECLARE
  version text := format('%I.%I', current_setting('migrate.schema'), {table});
  journal text := format('%I.migration_journal', current_setting('migrate.schema'));
  heads text[];
  is_empty boolean;
  planted record;
BEGIN
  SELECT c.oid::regclass AS name, relowner::regrole AS owner INTO planted
  FROM pg_class c
  WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_setting('migrate.schema'))
    AND relname IN ({table}, 'migration_log', 'migration_journal', 'migration_objects') AND NOT ({trusted_owner} OR {trusted_schema});
  IF FOUND THEN
    RAISE EXCEPTION '% belongs to %, whose triggers would run with the privileges of %', planted.name, planted.owner, session_user;
  END IF;
  IF NOT pg_try_advisory_lock(current_setting('migrate.key')::bigint) THEN
    RAISE EXCEPTION 'another migration is running on this database';
  END IF;
  EXECUTE format('SELECT coalesce(array_agg(version_num::text ORDER BY version_num::text COLLATE "C"), ''{{}}'') FROM %s', version) INTO heads;
  IF heads <> ARRAY[{from}]::text[] THEN
    RAISE EXCEPTION 'this script starts from {from_text}, but the database is in another state: see the table %', version;
  END IF;
  EXECUTE format('SELECT NOT EXISTS (SELECT FROM %s)', journal) INTO is_empty;
  IF NOT is_empty THEN
    RAISE EXCEPTION 'a revision is partially applied: see the table %', journal;
  END IF;
END
$check$;
COMMIT;
