-- The columns of tables, views and composite types. `base`: the type without modifiers, below domains. `is_volatile`: whether the default is computed for each row.
-- Last: what qualifies the type where `public` is not in the search path, the constraint for NOT NULL, which there is since PostgreSQL 18, whether the table is partitioned by the column,
-- and whether the type is a domain with constraints, of its own or of a domain below it.
, base AS MATERIALIZED (
  WITH RECURSIVE below (oid, base) AS (
    SELECT oid, CASE WHEN typtype = 'd' THEN typbasetype ELSE oid END FROM pg_type WHERE typtype = 'd'
    UNION ALL SELECT below.oid, typbasetype FROM below JOIN pg_type t ON t.oid = below.base WHERE typtype = 'd')
  SELECT below.oid, below.base, EXISTS (
    SELECT FROM below step JOIN pg_type d ON d.oid IN (step.oid, step.base)
    WHERE step.oid = below.oid AND d.typtype = 'd' AND (d.typnotnull OR EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = d.oid))) AS is_checked
  FROM below JOIN pg_type t ON t.oid = below.base WHERE typtype <> 'd'
),
identity AS (
  SELECT refobjid AS attrelid, refobjsubid AS attnum, objid AS sequence FROM pg_depend
  WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype = 'i' AND refobjsubid > 0 AND EXISTS (SELECT FROM pg_sequence WHERE seqrelid = objid)
)
SELECT 'column', CASE WHEN c.relkind = 'c' THEN 'pg_type'::regclass ELSE 'pg_class'::regclass END::oid, CASE WHEN c.relkind = 'c' THEN c.reltype ELSE a.attrelid END, a.attnum, quote_ident(a.attname),
  format_type(a.atttypid, a.atttypmod), CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation END, coalesce(base.base, a.atttypid)::regtype, (SELECT b.typcategory FROM pg_type b WHERE b.oid = coalesce(base.base, a.atttypid)),
  a.attnotnull, d.oid, CASE WHEN a.attgenerated <> '' THEN pg_get_expr(adbin, adrelid, true) ELSE (SELECT format(CASE WHEN text ~ {outside_of_b_expr} THEN '(%s)' ELSE '%s' END, text) FROM (SELECT pg_get_expr(adbin, 0, true) WHERE d.oid IS NOT NULL OFFSET 0) e (text)) END, a.attgenerated, a.attidentity, identity.sequence, a.attinhcount,
  a.attgenerated = '' AND EXISTS (SELECT FROM regexp_matches(adbin::text, ':(?:op)?funcid ([0-9]+)', 'g') called (function) JOIN pg_proc p ON p.oid = function[1]::oid WHERE provolatile = 'v') AS is_volatile,
  (SELECT 'public.' FROM pg_type named WHERE named.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END AND named.typnamespace = to_regnamespace('public') AND pg_type_is_visible(named.oid)),
  (SELECT quote_ident(conname) FROM pg_constraint k WHERE k.conrelid = a.attrelid AND contype = 'n' AND conkey[1] = a.attnum),
  c.relkind = 'p' AND EXISTS (SELECT FROM pg_depend k WHERE k.classid = 'pg_class'::regclass AND k.objid = a.attrelid AND k.objsubid = a.attnum AND k.refclassid = 'pg_class'::regclass AND k.refobjid = a.attrelid AND k.refobjsubid = 0 AND k.deptype = 'i'),
  coalesce(base.is_checked, false)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN own ON own.oid = c.relnamespace JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN base ON base.oid = a.atttypid LEFT JOIN pg_attrdef d ON adrelid = a.attrelid AND adnum = a.attnum
  LEFT JOIN identity ON identity.attrelid = a.attrelid AND identity.attnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND (c.relkind = 'c' OR c.oid IN (SELECT oid FROM relation WHERE relkind <> 'S'))
ORDER BY a.attrelid, a.attnum
