-- The columns of the tables and materialized views that store rows, and whether a value depends on time or chance.
SELECT format('%I.%I', n.nspname, c.relname), format('%I', a.attname),
  a.atttypid::regtype::text IN ('timestamp with time zone', 'timestamp without time zone', 'time with time zone',
    'time without time zone', 'date', 'uuid')
  OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') ~* 'now\(|timestamp|random|uuid|timeofday|CURRENT_|LOCALTIME'
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE (c.relkind = 'r' OR c.relkind = 'm' AND c.relispopulated)
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
ORDER BY 1, a.attnum
