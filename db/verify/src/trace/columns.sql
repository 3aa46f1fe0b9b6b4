-- The columns to generate values for, ordered by table: table, its name, number, name, name as an identifier, type, modifier, type
-- with the modifier, whether it is nullable, and whether it has a default that is valid for every row: a constant in a
-- unique index is valid for one row only, and whether that of a partition key is valid depends on the partitions.
SELECT r.oid::text, r.oid::regclass::text, attnum::text, attname::text, quote_ident(attname), atttypid::text, atttypmod::text,
  NOT attnotnull,
  attidentity <> '' OR atthasdef
    AND NOT (pg_get_expr(adbin, adrelid) !~ '\(' AND EXISTS (SELECT FROM pg_index WHERE indrelid = r.oid AND (indisunique OR indisexclusion) AND attnum = ANY (indkey)))
    AND NOT (relkind = 'p' AND EXISTS (SELECT FROM pg_partition_tree(r.oid) JOIN pg_partitioned_table ON partrelid = relid
      JOIN pg_attribute part ON part.attrelid = relid AND part.attnum = ANY (partattrs) WHERE part.attname = a.attname)),
  EXISTS (SELECT FROM pg_trigger WHERE tgrelid = r.oid AND NOT tgisinternal),
  EXISTS (SELECT FROM pg_index WHERE indrelid = r.oid AND (indisunique OR indisexclusion) AND NOT indimmediate)
FROM pg_class r JOIN pg_namespace n ON n.oid = relnamespace
JOIN pg_attribute a ON attrelid = r.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
LEFT JOIN pg_attrdef ON adrelid = r.oid AND adnum = attnum
WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND r.oid NOT IN ({own_tables})
ORDER BY r.oid, attnum
