-- What this transaction has locked so far, and done to it: OID, mode, name, kind, file node, and the numbers of rows inserted,
-- updated and deleted, of full scans and of the rows that they have read, and the size of a table that nobody else can use.
-- What the transaction itself has dropped has no name.
SELECT relation, mode, CASE WHEN relname IS NULL THEN NULL WHEN nspname = 'public' THEN quote_ident(relname) ELSE format('%I.%I', nspname, relname) END,
  relkind, relfilenode,
  pg_stat_get_xact_tuples_inserted(relation), pg_stat_get_xact_tuples_updated(relation),
  pg_stat_get_xact_tuples_deleted(relation), pg_stat_get_xact_numscans(relation),
  pg_stat_get_xact_tuples_returned(relation),
  CASE WHEN relkind IN ('r', 'm') AND mode = 'AccessExclusiveLock' THEN pg_relation_size(relation) END
FROM pg_locks LEFT JOIN pg_class c ON c.oid = relation LEFT JOIN pg_namespace n ON n.oid = relnamespace
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND relation >= 16384
