CREATE TABLE IF NOT EXISTS {version} (version_num varchar(32) NOT NULL, CONSTRAINT {constraint} PRIMARY KEY (version_num));
CREATE TABLE IF NOT EXISTS {log} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  operation text NOT NULL CHECK (operation IN ('upgrade', 'downgrade', 'stamp', 'unstamp', 'accept')),
  revision varchar(32) NOT NULL,
  parents text[] NOT NULL,
  message text NOT NULL,
  checksum text NOT NULL,
  is_transactional boolean NOT NULL,
  upgrade_sql text NOT NULL,
  downgrade_sql text,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_by text NOT NULL DEFAULT session_user,
  tool_version text NOT NULL,
  commit_id text,
  build_id text,
  reason text,
  depends_on text[],
  downgrade_checksum text
);
CREATE TABLE IF NOT EXISTS {journal} (
  revision varchar(32) NOT NULL,
  direction text NOT NULL CHECK (direction IN ('upgrade', 'downgrade')),
  statement integer NOT NULL,
  checksum text NOT NULL,
  line integer NOT NULL,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  error text,
  before text,
  session text,
  PRIMARY KEY (revision, direction, statement)
);
ALTER TABLE {log} ADD COLUMN IF NOT EXISTS depends_on text[], ADD COLUMN IF NOT EXISTS downgrade_checksum text;
ALTER TABLE {journal} ADD COLUMN IF NOT EXISTS before text, ADD COLUMN IF NOT EXISTS session text;
