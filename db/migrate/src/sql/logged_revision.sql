-- Logs of an earlier version lack the last two columns: their names are then those of `missing`.
SELECT logged.*
FROM (SELECT NULL::text[] AS depends_on, NULL::text AS downgrade_checksum) AS missing
  CROSS JOIN LATERAL (
    SELECT array_to_string(parents, ','), message, is_transactional, downgrade_sql, operation, finished_at, applied_by, commit_id,
      array_to_json(depends_on), downgrade_checksum
    FROM {log}
    WHERE revision = {revision}
    ORDER BY id DESC LIMIT 1
  ) AS logged
