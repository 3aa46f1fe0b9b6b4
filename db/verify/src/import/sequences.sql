-- The sequences that do not belong to a table that does not count, with their next values.
SELECT format('%I.%I', s.schemaname, s.sequencename), coalesce(s.last_value::text, 'unused')
FROM pg_sequences s
WHERE NOT EXISTS (
  SELECT 1 FROM pg_depend d
  WHERE d.classid = 'pg_class'::regclass AND d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass
    AND d.refobjid IN (SELECT to_regclass(name)::oid FROM unnest(ARRAY[{except}]::text[]) AS name)
)
ORDER BY 1
