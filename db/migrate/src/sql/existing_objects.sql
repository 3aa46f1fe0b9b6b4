-- The objects with these kinds and names, which were there already.
ARRAY(
  SELECT format('%s %s %s', oid, type, identity)
  FROM (
    SELECT 'pg_class'::regclass AS class, oid FROM pg_class WHERE relkind = 'v'
    UNION ALL
    SELECT 'pg_trigger'::regclass, oid FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'pg_policy'::regclass, oid FROM pg_policy
    UNION ALL
    SELECT 'pg_proc'::regclass, oid FROM pg_proc
  ) AS object, pg_identify_object(class, oid, 0)
  WHERE format('%s %s', type, identity) = ANY (ARRAY[{existing}]::text[])
  ORDER BY oid
)
