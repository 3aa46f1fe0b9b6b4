-- Their SQL stays in the log, so that it can still be read.
INSERT INTO {log} ({columns})
SELECT 'unstamp', revision, parents, message, checksum, is_transactional, upgrade_sql, downgrade_sql, now(), {tool_version},
  {commit}, {build_id}, depends_on, downgrade_checksum
FROM {log}
WHERE id IN (SELECT max(id) FROM {log} WHERE revision IN ({revisions}) GROUP BY revision)
ORDER BY id;
