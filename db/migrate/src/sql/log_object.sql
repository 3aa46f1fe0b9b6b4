-- The file has been applied. Names without a schema are those of `migrate.path`, the user's `search_path`.
SET LOCAL search_path = pg_catalog, pg_temp;
INSERT INTO {objects} (name, operation, checksum, sql, created, relations, tool_version, commit_id, build_id)
SELECT {name}, 'apply', {checksum}, {sql},
  {created},
  ARRAY(
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'f', 'm') AND relname = ANY (ARRAY[{identifiers}]::name[])
      AND nspname = ANY (current_setting('migrate.path')::name[] || ARRAY[{identifiers}]::name[])
      AND nspname <> ALL (ARRAY['pg_catalog', 'information_schema'])
    ORDER BY 1
  ),
  {tool_version}, {commit}, {build}{returning};
RESET search_path;
