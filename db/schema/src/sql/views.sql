-- Views and materialized views. Last: the columns of a placeholder for a view.
SELECT 'view', oid, rtrim(pg_get_viewdef(oid, true), ';'), CASE WHEN relkind = 'v' THEN (
  SELECT string_agg(format('NULL::%s%s AS %I', format_type(atttypid, atttypmod), CASE WHEN attcollation <> 0 THEN format(' COLLATE %s', attcollation::regcollation) END, attname), E',\n    ' ORDER BY attnum)
  FROM pg_attribute WHERE attrelid = oid AND attnum > 0 AND NOT attisdropped) END
FROM relation WHERE relkind IN ('v', 'm')
