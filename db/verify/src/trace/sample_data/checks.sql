-- The conditions on rows: table, expression, the numbers of the columns, and for the CHECK of a domain, the column that
-- VALUE stands for. Rows of a partitioned table have to fit one of its partitions.
WITH RECURSIVE domains (declared, domain, base) AS (
  SELECT oid, oid, typbasetype FROM pg_type WHERE typtype = 'd'
  UNION ALL
  SELECT declared, t.oid, t.typbasetype FROM domains JOIN pg_type t ON t.oid = base WHERE t.typtype = 'd'
)
SELECT conrelid::text, pg_get_expr(conbin, conrelid), array_to_string(conkey, ','), NULL
FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0
UNION ALL
SELECT attrelid::text, substring(pg_get_constraintdef(k.oid) FROM '^CHECK \((.*)\)(?: NOT VALID)?$'), attnum::text, quote_ident(attname)
FROM pg_attribute JOIN domains ON declared = atttypid JOIN pg_constraint k ON contypid = domain AND contype = 'c'
WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT r.oid::text, coalesce((SELECT string_agg(coalesce('(' || pg_get_partition_constraintdef(relid) || ')', 'true'), ' OR ')
    FROM pg_partition_tree(r.oid) WHERE isleaf), 'false'),
  (SELECT string_agg(a.attnum::text, ',') FROM pg_attribute a WHERE a.attrelid = r.oid AND a.attname IN (
    SELECT part.attname FROM pg_partition_tree(r.oid) JOIN pg_partitioned_table ON partrelid = relid
    JOIN pg_attribute part ON part.attrelid = relid AND part.attnum = ANY (partattrs))), NULL
FROM pg_class r WHERE relkind = 'p' AND NOT relispartition
