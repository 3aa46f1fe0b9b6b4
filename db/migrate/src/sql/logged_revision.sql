-- Logs of an earlier version lack the last column.
SELECT array_to_string(parents, ','), message, is_transactional, downgrade_sql, operation, finished_at, applied_by, commit_id,
  pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(l), 'depends_on')
FROM {log} l
WHERE revision = {revision}
ORDER BY id DESC LIMIT 1
