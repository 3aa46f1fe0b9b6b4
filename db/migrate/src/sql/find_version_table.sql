WITH place AS (
  SELECT nspname, number
  FROM unnest(current_setting('migrate.path')::name[]) WITH ORDINALITY AS path (nspname, number) JOIN pg_namespace USING (nspname)
), found AS (
  SELECT nspname, number,
    relkind IN ('r', 'p') AND has_schema_privilege(n.oid, 'USAGE')
    AND {trusted_owner}
    AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'version_num' AND NOT attisdropped) AS is_ours
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace LEFT JOIN place USING (nspname)
  WHERE relname = {table} AND relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname !~ '^pg_'
), candidate AS (
  (SELECT nspname FROM found WHERE number IS NOT NULL ORDER BY number LIMIT 1)
  UNION
  SELECT nspname FROM found WHERE is_ours AND NOT {is_path_given}
)
SELECT nspname FROM candidate
UNION ALL
SELECT nspname FROM place WHERE number = (SELECT min(number) FROM place) AND NOT EXISTS (SELECT FROM candidate)
ORDER BY nspname
