CREATE TABLE {schema}.alembic_version (
  version_num varchar(32) PRIMARY KEY
);
CREATE TABLE {schema}.migration_log (
  id bigint GENERATED ALWAYS AS IDENTITY,
  operation text,
  revision text,
  parents text[],
  message text,
  checksum text,
  is_transactional boolean,
  upgrade_sql text,
  downgrade_sql text,
  started_at timestamptz,
  finished_at timestamptz DEFAULT now(),
  applied_by text DEFAULT session_user,
  tool_version text,
  commit_id text,
  build_id text,
  reason text,
  depends_on text[],
  downgrade_checksum text
);
CREATE TABLE {schema}.migration_journal (
  revision text,
  direction text,
  statement int,
  checksum text,
  line int,
  started_at timestamptz DEFAULT now(),
  finished_at timestamptz,
  error text,
  before text,
  session text,
  PRIMARY KEY (revision, direction, statement)
);
