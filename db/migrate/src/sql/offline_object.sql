SET LOCAL search_path = pg_catalog, pg_temp;
-- Whether it is incomplete, and whether it must be applied.
SELECT coalesce(is_incomplete, false) AS {variable}_incomplete, coalesce(is_incomplete OR is_edited, true){or_referenced} AS {variable}
FROM (VALUES ({name})) AS file (name) LEFT JOIN (
  SELECT name, operation <> 'apply' OR NOT is_intact AS is_incomplete, checksum <> {checksum} AS is_edited FROM (
{applied}
  ) rows
) applied USING (name)
\gset
RESET search_path;
\if :{variable}
