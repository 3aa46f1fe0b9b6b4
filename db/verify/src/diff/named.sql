-- What a name means: the kind and the name of an object as ALTER has them, the column if it is one, and the last part of the name,
-- all quoted where necessary. A name without a schema is one in `public`. `{parts}`: the parts of the name.
WITH name AS (SELECT p, cardinality(p) AS n FROM (SELECT {parts} AS p) given),
relation AS (
  SELECT c.oid, nspname, relname, CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'i' THEN 'INDEX' WHEN 'I' THEN 'INDEX' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END AS kind
  FROM pg_class c JOIN pg_namespace s ON s.oid = relnamespace WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I', 'f', 'c')
),
found AS (
  SELECT 1 AS rank, kind, nspname, relname AS object, NULL::name AS column FROM relation, name WHERE n < 3 AND nspname = CASE n WHEN 1 THEN 'public' ELSE p[1] END AND relname = p[n]
  UNION ALL
  SELECT 2, kind, nspname, relname, attname FROM relation JOIN pg_attribute ON attrelid = oid, name
  WHERE n > 1 AND nspname = CASE n WHEN 2 THEN 'public' ELSE p[1] END AND relname = p[n - 1] AND attname = p[n] AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT 3, CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, nspname, typname, NULL FROM pg_type JOIN pg_namespace s ON s.oid = typnamespace, name
  WHERE n < 3 AND typtype IN ('d', 'e', 'r') AND nspname = CASE n WHEN 1 THEN 'public' ELSE p[1] END AND typname = p[n]
  UNION ALL
  SELECT 4, 'ROUTINE', nspname, proname, NULL FROM pg_proc JOIN pg_namespace s ON s.oid = pronamespace, name
  WHERE n < 3 AND nspname = CASE n WHEN 1 THEN 'public' ELSE p[1] END AND proname = p[n] GROUP BY nspname, proname HAVING count(*) = 1
  UNION ALL
  SELECT 5, 'SCHEMA', NULL, nspname, NULL FROM pg_namespace, name WHERE n = 1 AND nspname = p[1]
)
SELECT kind, concat(CASE WHEN nspname <> 'public' THEN quote_ident(nspname) || '.' END, quote_ident(object)), quote_ident("column"), quote_ident(coalesce("column", object))
FROM found ORDER BY rank LIMIT 1
