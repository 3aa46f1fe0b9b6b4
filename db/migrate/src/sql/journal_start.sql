INSERT INTO {journal} (revision, direction, statement, checksum, line)
VALUES ({revision}, '{direction}', {number}, '{checksum}', {line})
ON CONFLICT (revision, direction, statement) DO UPDATE
SET checksum = excluded.checksum, line = excluded.line, started_at = excluded.started_at, error = NULL;
