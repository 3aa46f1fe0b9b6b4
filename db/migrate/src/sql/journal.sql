-- Tables of an earlier version lack the last two columns.
SELECT revision, direction, statement, checksum, line, finished_at IS NOT NULL, error,
  pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(j), 'before'),
  pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(j), 'session')
FROM {journal} j
ORDER BY revision COLLATE "C", direction, statement
