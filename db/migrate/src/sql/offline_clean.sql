DEALLOCATE ALL;
SELECT
  pg_catalog.pg_advisory_xact_lock(:migrate_key) AS migrate_locked,
  pg_catalog.pg_advisory_unlock_all() AS migrate_unlocked,
  pg_catalog.pg_advisory_lock(:migrate_key) AS migrate_locked
\gset
COMMIT;
