SELECT c.oid, format('%I.%I', n.nspname, c.relname), i.indisvalid AND i.indisready,
  EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = c.oid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indrelid IN ({tables}) AND i.indexrelid <> ALL ({before}) AND {condition}
  AND NOT EXISTS (
    -- Another session is building it.
    SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = c.oid AND p.pid <> pg_backend_pid()
  )
ORDER BY c.oid
