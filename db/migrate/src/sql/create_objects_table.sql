CREATE TABLE IF NOT EXISTS {objects} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  operation text NOT NULL CHECK (operation IN ('apply', 'drop')),
  checksum text NOT NULL,
  sql text NOT NULL,
  created text[] NOT NULL,
  relations oid[] NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  applied_by text NOT NULL DEFAULT session_user,
  tool_version text NOT NULL,
  commit_id text,
  build_id text,
  UNIQUE (name, id)
);
