-- The values of each enum.
SELECT t.oid, nspname, typname, obj_description(t.oid, 'pg_type'), enumlabel
FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace LEFT JOIN pg_enum ON enumtypid = t.oid
WHERE typtype = 'e'
ORDER BY nspname <> 'public', nspname, typname, enumsortorder
