-- What a name means: its kind, its parts as they are stored, the statement that renames it up to the new name, the last part as SQL
-- writes it, and the types of the arguments of a routine. `{names}`: the parts of the name, in each way to read it; `{kind}`: its
-- kind, or NULL; `{arguments}`: the types of its arguments, or NULL.
WITH relation AS (
  SELECT c.oid, nspname, relname, CASE WHEN nspname <> 'public' THEN quote_ident(nspname) || '.' ELSE '' END || quote_ident(relname) AS name,
    CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' WHEN 'f' THEN 'foreign table' WHEN 'c' THEN 'type' ELSE 'table' END AS kind
  FROM pg_class c JOIN pg_namespace s ON s.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'f', 'c')
),
type AS (
  SELECT t.oid, nspname, typname, CASE WHEN nspname <> 'public' THEN quote_ident(nspname) || '.' ELSE '' END || quote_ident(typname) AS name,
    CASE typtype WHEN 'd' THEN 'domain' ELSE 'type' END AS kind
  FROM pg_type t JOIN pg_namespace s ON s.oid = typnamespace WHERE typtype IN ('d', 'e', 'r')
),
routine AS (
  SELECT p.oid, nspname, proname, proargtypes, count(*) OVER (PARTITION BY pronamespace, proname) AS overloads,
    CASE WHEN nspname <> 'public' THEN quote_ident(nspname) || '.' ELSE '' END || quote_ident(proname) AS name, '(' || pg_get_function_identity_arguments(p.oid) || ')' AS signature
  FROM pg_proc p JOIN pg_namespace s ON s.oid = pronamespace
),
given AS (
  SELECT array_agg(coalesce(to_regtype(argument), to_regtype('public.' || argument))::oid ORDER BY place) AS types
  FROM unnest({arguments}::text[]) WITH ORDINALITY AS argument (argument, place)
),
renamable (rank, kind, parts, start, last, arguments) AS (
  SELECT 1, kind, ARRAY[nspname, relname]::text[], 'ALTER ' || upper(kind) || ' ' || name || ' RENAME TO ', quote_ident(relname), NULL::text[] FROM relation
  UNION ALL
  SELECT 2, 'column', ARRAY[nspname, relname, attname]::text[],
    'ALTER ' || upper(kind) || ' ' || name || CASE kind WHEN 'type' THEN ' RENAME ATTRIBUTE ' ELSE ' RENAME COLUMN ' END || quote_ident(attname) || ' TO ', quote_ident(attname), NULL
  FROM relation JOIN pg_attribute ON attrelid = oid WHERE attnum > 0 AND NOT attisdropped AND kind NOT IN ('index', 'sequence')
  UNION ALL
  SELECT 3, kind, ARRAY[nspname, typname]::text[], 'ALTER ' || upper(kind) || ' ' || name || ' RENAME TO ', quote_ident(typname), NULL FROM type
  UNION ALL
  SELECT 4, 'constraint', ARRAY[nspname, relname, conname]::text[], 'ALTER TABLE ' || name || ' RENAME CONSTRAINT ' || quote_ident(conname) || ' TO ', quote_ident(conname), NULL
  FROM relation JOIN pg_constraint ON conrelid = relation.oid WHERE contype IN ('c', 'f', 'p', 'u', 'x', 'n')
  UNION ALL
  SELECT 4, 'constraint', ARRAY[nspname, typname, conname]::text[], 'ALTER DOMAIN ' || name || ' RENAME CONSTRAINT ' || quote_ident(conname) || ' TO ', quote_ident(conname), NULL
  FROM type JOIN pg_constraint ON contypid = type.oid
  UNION ALL
  SELECT 5, 'label', ARRAY[nspname, typname, enumlabel]::text[], 'ALTER TYPE ' || name || ' RENAME VALUE ' || quote_literal(enumlabel) || ' TO ', quote_literal(enumlabel), NULL
  FROM type JOIN pg_enum ON enumtypid = type.oid
  UNION ALL
  SELECT 6, 'trigger', ARRAY[nspname, relname, tgname]::text[], 'ALTER TRIGGER ' || quote_ident(tgname) || ' ON ' || name || ' RENAME TO ', quote_ident(tgname), NULL
  FROM relation JOIN pg_trigger ON tgrelid = relation.oid WHERE NOT tgisinternal
  UNION ALL
  SELECT 7, 'policy', ARRAY[nspname, relname, polname]::text[], 'ALTER POLICY ' || quote_ident(polname) || ' ON ' || name || ' RENAME TO ', quote_ident(polname), NULL
  FROM relation JOIN pg_policy ON polrelid = relation.oid
  UNION ALL
  SELECT 8, 'rule', ARRAY[nspname, relname, rulename]::text[], 'ALTER RULE ' || quote_ident(rulename) || ' ON ' || name || ' RENAME TO ', quote_ident(rulename), NULL
  FROM relation JOIN pg_rewrite ON ev_class = relation.oid WHERE rulename <> '_RETURN'
  UNION ALL
  SELECT 9, 'routine', ARRAY[nspname, proname]::text[], 'ALTER ROUTINE ' || name || CASE WHEN overloads > 1 THEN signature ELSE '' END || ' RENAME TO ', quote_ident(proname), ARRAY(SELECT format_type(argument, NULL) FROM unnest(proargtypes) AS argument)
  FROM routine, given WHERE CASE WHEN {arguments} IS NULL THEN overloads = 1 ELSE ARRAY(SELECT unnest(proargtypes)) = coalesce(types, '{}') END
  UNION ALL
  SELECT 10, 'statistics', ARRAY[nspname, stxname]::text[],
    'ALTER STATISTICS ' || CASE WHEN nspname <> 'public' THEN quote_ident(nspname) || '.' ELSE '' END || quote_ident(stxname) || ' RENAME TO ', quote_ident(stxname), NULL
  FROM pg_statistic_ext JOIN pg_namespace s ON s.oid = stxnamespace
  UNION ALL
  SELECT 11, 'schema', ARRAY[nspname]::text[], 'ALTER SCHEMA ' || quote_ident(nspname) || ' RENAME TO ', quote_ident(nspname), NULL FROM pg_namespace
)
SELECT kind, array_to_json(parts), start, last, array_to_json(arguments) FROM renamable
WHERE parts IN ({names}) AND kind = coalesce({kind}, kind)
ORDER BY rank LIMIT 1
