SELECT c.oid, c.oid::pg_catalog.regclass, CASE WHEN relkind = 'p' THEN 0 ELSE pg_catalog.pg_stat_get_xact_numscans(c.oid) END,
  EXISTS (
    SELECT FROM pg_catalog.pg_locks
    WHERE pid = pg_catalog.pg_backend_pid() AND relation = c.oid AND granted
      AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  )
FROM pg_catalog.pg_class c
WHERE c.oid >= 16384 AND relkind IN ('r', 'p', 'm')
