-- Empties every table but the engine's.
SELECT 'TRUNCATE ' || string_agg(r.oid::regclass::text, ', ' ORDER BY r.oid) || ' CASCADE'
FROM pg_class r JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND r.oid NOT IN ({own_tables})
