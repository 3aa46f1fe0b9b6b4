-- Every table that a revision may change, as a list.
SELECT string_agg(oid::regclass::text, ', ' ORDER BY oid)
FROM pg_class
WHERE relkind IN ('r', 'p')
  AND relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_' OR nspname = 'information_schema')
