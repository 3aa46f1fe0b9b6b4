-- Of these objects, those with these names.
SELECT class, oid FROM (
  SELECT 'pg_class'::regclass::oid AS class, oid, relname AS name FROM pg_class WHERE relkind = 'v'
  UNION ALL SELECT 'pg_proc'::regclass, oid, proname FROM pg_proc
  UNION ALL SELECT 'pg_trigger'::regclass, oid, tgname FROM pg_trigger
  UNION ALL SELECT 'pg_policy'::regclass, oid, polname FROM pg_policy
) AS named
WHERE name = ANY (ARRAY[{names}]::name[]) AND (class, oid) IN ({own})
