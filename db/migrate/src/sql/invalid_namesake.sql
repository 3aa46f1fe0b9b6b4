SELECT format('%I.%I', n.nspname, c.relname)
FROM pg_class t
  JOIN pg_namespace n ON n.oid = t.relnamespace
  JOIN pg_class c ON c.relnamespace = n.oid
  JOIN pg_index i ON i.indexrelid = c.oid
WHERE t.oid = {table} AND c.relname = (parse_ident({name}))[1]::name AND NOT i.indisvalid
