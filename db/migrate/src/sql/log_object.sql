-- The file has been applied in this transaction. Names without a schema are those of `migrate.path`, the user's `search_path`.
SET LOCAL search_path = pg_catalog, pg_temp;
INSERT INTO {objects} (name, operation, checksum, sql, created, relations, tool_version, commit_id, build_id)
SELECT {name}, 'apply', {checksum}, {sql},
  ARRAY(
    WITH path (nspname, number) AS (SELECT * FROM unnest(current_setting('migrate.path')::name[]) WITH ORDINALITY),
    wanted (kind, name, schema, relation) AS (VALUES {wanted}),
    found AS (
      SELECT kind, name, schema, (
        SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace LEFT JOIN path USING (nspname)
        WHERE relname = relation AND (nspname = schema OR schema IS NULL AND number IS NOT NULL)
        ORDER BY number LIMIT 1
      ) AS relation
      FROM wanted
    ),
    object (class, oid) AS (
      SELECT 'pg_class'::regclass, relation FROM found WHERE kind = 'view'
      UNION
      SELECT 'pg_trigger'::regclass, t.oid FROM found JOIN pg_trigger t ON tgrelid = relation AND tgname = name WHERE kind = 'trigger'
      UNION
      SELECT 'pg_policy'::regclass, p.oid FROM found JOIN pg_policy p ON polrelid = relation AND polname = name WHERE kind = 'policy'
      UNION
      -- What `note_routine.sql` has noted.
      SELECT 'pg_proc'::regclass, oid FROM pg_proc
      WHERE EXISTS (SELECT FROM found WHERE kind = 'routine')
        AND oid = ANY (string_to_array(current_setting('migrate.routines', true), ',')::oid[])
    )
    SELECT format('%s %s %s', oid, type, identity)
    FROM object, pg_identify_object(class, oid, 0)
    WHERE oid IS NOT NULL
    ORDER BY oid
  ),
  ARRAY(
    SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'f', 'm') AND relname = ANY (ARRAY[{identifiers}]::name[])
      AND nspname = ANY (current_setting('migrate.path')::name[] || ARRAY[{identifiers}]::name[])
      AND nspname <> ALL (ARRAY['pg_catalog', 'information_schema'])
    ORDER BY 1
  ),
  {tool_version}, {commit}, {build}{returning};
RESET search_path;
