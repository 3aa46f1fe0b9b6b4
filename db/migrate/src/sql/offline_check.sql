DO $check$
BEGIN
  IF NOT pg_catalog.pg_try_advisory_lock({key}) THEN
    RAISE EXCEPTION 'another migration is running on this database';
  END IF;
  IF (SELECT coalesce(array_agg(version_num::text ORDER BY version_num::text COLLATE "C"), '{{}}') FROM {version}) <> ARRAY[{from}]::text[] THEN
    RAISE EXCEPTION 'this script starts from {from_text}, but the database is in another state: see the table {version_text}';
  END IF;
  IF EXISTS (SELECT FROM {journal}) THEN
    RAISE EXCEPTION 'a revision is partially applied: see the table {journal_text}';
  END IF;
END
$check$;
