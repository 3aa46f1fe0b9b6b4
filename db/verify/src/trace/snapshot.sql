-- The schema as the session sees it in the middle of its transaction, one fact per row; the first column is the kind of
-- fact. pg_get_expr and similar functions are avoided because they lock the table.
WITH own AS (
  SELECT c.oid, c.relname, c.relkind, c.relfilenode, i.indrelid, quote_ident(c.relname) AS short,
    CASE WHEN nspname = 'public' THEN quote_ident(relname) ELSE format('%I.%I', nspname, relname) END AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND relkind IN ('r', 'p', 'm', 'v', 'S', 'i', 'I', 'f')
)
SELECT 'relation', oid::text, name, relkind::text, relfilenode::text, coalesce(indrelid, 0)::text,
  CASE WHEN relkind IN ('r', 'm') THEN pg_stat_get_xact_numscans(oid) ELSE 0 END::text,
  CASE WHEN relkind IN ('r', 'm') THEN pg_stat_get_xact_tuples_returned(oid) ELSE 0 END::text
FROM own
UNION ALL
SELECT 'column', attrelid::text, attname::text, format_type(atttypid, atttypmod), attnotnull::text, attgenerated::text,
  (attidentity <> '' OR EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = attrelid AND refobjsubid = attnum AND deptype = 'a'))::text, NULL
FROM pg_attribute JOIN own ON own.oid = attrelid AND own.relkind IN ('r', 'p') WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint', k.oid::text, conname::text, contype::text, convalidated::text, conrelid::text, conindid::text, NULL
-- A partitioned table has its rows in partitions, which have its constraints. The copies of a foreign key for the partitions
-- that it refers to check no rows.
FROM pg_constraint k JOIN own ON own.oid = conrelid AND own.relkind <> 'p' WHERE contype IN ('c', 'f', 'u', 'p', 'x')
  AND NOT EXISTS (SELECT FROM pg_constraint above WHERE above.oid = k.conparentid AND above.conrelid = k.conrelid)
UNION ALL
SELECT 'lock', relation::text, mode, NULL, NULL, NULL, NULL, NULL FROM pg_locks
WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted
UNION ALL
SELECT 'lock_timeout', current_setting('lock_timeout'), NULL, NULL, NULL, NULL, NULL, NULL
