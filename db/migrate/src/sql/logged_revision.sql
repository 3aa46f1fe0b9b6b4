SELECT array_to_string(parents, ','), message, is_transactional, downgrade_sql, operation, finished_at, applied_by, commit_id
FROM {log}
WHERE revision = {revision}
ORDER BY id DESC LIMIT 1
