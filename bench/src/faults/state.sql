-- The tables with their columns, and the indexes with their validity, except those of the tools themselves.
SELECT format('%s (%s)', c.relname, string_agg(a.attname, ', ' ORDER BY a.attnum))
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relkind = 'r'
  AND n.nspname = 'public'
  AND c.relname !~ '^(alembic_version|migration_|schema_migrations|_sqlx)'
GROUP BY c.relname
ORDER BY 1;

SELECT format('the index %s is %s', c.relname, CASE WHEN i.indisvalid THEN 'valid' ELSE 'INVALID' END)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_index i ON i.indexrelid = c.oid
WHERE n.nspname = 'public'
  AND c.relname !~ '^(alembic_version|migration_|schema_migrations|_sqlx)'
ORDER BY 1;
