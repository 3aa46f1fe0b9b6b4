(SELECT json_build_object(
  'path', current_setting('migrate.path'),
  'role', current_setting('migrate.role'),
  'authorization', current_setting('migrate.authorization'),
  'settings', (
    SELECT coalesce(json_object_agg(name, setting), '{{}}')
    FROM (
      SELECT name, setting FROM pg_settings
      WHERE source = 'session' AND name <> 'search_path' AND name !~ '^transaction_|^migrate\.'
      UNION
      SELECT name, current_setting(name, true) FROM unnest(ARRAY[{custom}]::text[]) AS custom (name)
      WHERE current_setting(name, true) <> ''
    ) AS settings
  ),
  'channels', (SELECT coalesce(json_agg(channel), '[]') FROM pg_listening_channels() AS channel),
  'prepared', (
    SELECT coalesce(json_agg(name ORDER BY name), '[]') FROM pg_prepared_statements WHERE name !~ '^migrate_'
  ),
  'lost', (
    SELECT coalesce(json_agg(what), '[]')
    FROM (
      SELECT CASE relkind WHEN 'S' THEN 'the temporary sequence `' WHEN 'v' THEN 'the temporary view `' ELSE 'the temporary table `' END
        || relname || '`' AS what
      FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind IN ('r', 'p', 'v', 'S')
      UNION ALL
      SELECT 'the temporary function `' || proname || '`' FROM pg_proc WHERE pronamespace = pg_my_temp_schema()
      UNION ALL
      SELECT 'the temporary type `' || typname || '`' FROM pg_type
      WHERE typnamespace = pg_my_temp_schema() AND typrelid = 0 AND typelem = 0
      UNION ALL
      SELECT 'the cursor `' || name || '`' FROM pg_cursors WHERE is_holdable AND name <> ''
      UNION ALL
      SELECT 'the advisory lock ' || CASE objsubid WHEN 1 THEN ((classid::bigint << 32) | objid::bigint)::text
        ELSE format('(%s, %s)', classid, objid) END
      FROM pg_locks
      WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND NOT ({is_lock})
    ) AS lost
  )
)::text)
