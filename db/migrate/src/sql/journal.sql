SELECT revision, direction, statement, checksum, line, finished_at IS NOT NULL, error
FROM {journal}
ORDER BY revision COLLATE "C", direction, statement
