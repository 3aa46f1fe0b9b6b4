INSERT INTO {journal} (revision, direction, statement, checksum, line, before, session)
VALUES ({revision}, '{direction}', {number}, '{checksum}', {line}, {before}, {session})
ON CONFLICT (revision, direction, statement) DO UPDATE
SET checksum = excluded.checksum, line = excluded.line, started_at = excluded.started_at, error = NULL,
  before = excluded.before, session = excluded.session;
