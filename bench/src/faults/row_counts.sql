-- Generates a query that counts the rows of each table, except the tables of the tools themselves.
SELECT string_agg(
  format('SELECT format(''%%s has %%s rows'', %L, count(*)) FROM %I', c.relname, c.relname),
  ' UNION ALL ' ORDER BY c.relname
)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r'
  AND n.nspname = 'public'
  AND c.relname !~ '^(alembic_version|migration_|schema_migrations|_sqlx)'
