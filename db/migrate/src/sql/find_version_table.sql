SELECT nspname FROM (
  SELECT path.nspname, c.oid IS NOT NULL AS is_found, place
  FROM unnest(current_setting('migrate.path')::name[]) WITH ORDINALITY AS path (nspname, place)
  JOIN pg_namespace n ON n.nspname = path.nspname
  LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = {table}
) schemas
ORDER BY is_found DESC, place
LIMIT 1
