-- The tables that may be another tool's, with the columns of the system's own types: name, type, name, type.
SELECT format('%I.%I', nspname, relname), nspname, format('%I', nspname),
  (SELECT string_agg(attname || E'\n' || format_type(atttypid, NULL), E'\n' ORDER BY attnum)
    FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND atttypid < 16384)
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema' AND {condition}
ORDER BY 1
