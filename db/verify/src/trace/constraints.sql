-- The constraints on rows, each as a change that adds it and one that removes it: kind, oid, table, the change, and its reverse.
-- {table} is replaced with the name of the table, because a revision may rename it.
SELECT 'constraint', k.oid::text, conrelid::text, format('ALTER TABLE {table} ADD CONSTRAINT fitting_%s %s', k.oid, pg_get_constraintdef(k.oid)),
  format('ALTER TABLE {table} DROP CONSTRAINT fitting_%s', k.oid)
FROM pg_constraint k WHERE contype IN ('c', 'f', 'p', 'u', 'x') AND conrelid <> 0 AND conparentid = 0 AND coninhcount = 0
UNION ALL
SELECT 'index', indexrelid::text, indrelid::text,
  format('CREATE UNIQUE INDEX fitting_%s ON {table} USING %s', indexrelid, substring(pg_get_indexdef(indexrelid) FROM ' USING (.*)$')),
  format('DROP INDEX {schema}.fitting_%s', indexrelid)
FROM pg_index i WHERE indisunique AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
  AND indexrelid NOT IN (SELECT inhrelid FROM pg_inherits)
UNION ALL
SELECT 'column', attnum::text, attrelid::text, format('ALTER TABLE {table} ALTER COLUMN %I SET NOT NULL', attname),
  format('ALTER TABLE {table} ALTER COLUMN %I DROP NOT NULL', attname)
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE attnum > 0 AND attnotnull AND NOT attisdropped AND relkind IN ('r', 'p') AND NOT relispartition
