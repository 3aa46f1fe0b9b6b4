SELECT class, oid FROM (
  SELECT 'pg_class'::regclass::oid AS class, oid, relname AS name FROM pg_class WHERE relkind <> 'i'
  UNION ALL SELECT 'pg_proc'::regclass, oid, proname FROM pg_proc
  UNION ALL SELECT 'pg_type'::regclass, oid, typname FROM pg_type WHERE typtype IN ('d', 'e', 'r')
) AS named
WHERE oid >= 16384 AND position(lower(name) IN {text}) > 0
