-- The engine's own tables, and their indexes and sequences.
WITH engine AS (SELECT unnest(ARRAY[{tables}]::oid[]) AS oid)
SELECT string_agg(oid::text, ', ') FROM (
  SELECT oid FROM engine
  UNION
  SELECT objid FROM pg_depend JOIN engine ON refobjid = oid
  WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
) excepted
