SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;
DEALLOCATE ALL;
SELECT
  pg_catalog.pg_advisory_xact_lock(:migrate_key) AS migrate_locked,
  pg_catalog.pg_advisory_unlock_all() AS migrate_unlocked,
  pg_catalog.pg_advisory_lock(:migrate_key) AS migrate_locked
\gset
COMMIT;
