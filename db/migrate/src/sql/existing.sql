(SELECT CASE
  WHEN relkind NOT IN ('r', 'p') THEN 'is a ' || CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'composite type' ELSE 'index' END
  ELSE (SELECT 'has no column `' || name || '`'
    FROM unnest(ARRAY[{columns}]) WITH ORDINALITY AS wanted (name, number)
    WHERE NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = name AND NOT attisdropped)
    ORDER BY number LIMIT 1)
END FROM pg_class c WHERE c.oid = to_regclass({table}))
