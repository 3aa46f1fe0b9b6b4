-- What the statements of a file have written in this transaction.
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
)
