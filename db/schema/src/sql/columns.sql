-- The columns of tables, views and composite types, and of parents that are not written, such as those of extensions.
-- What most columns do not have is sent in arrays: reading a value takes longer than its share of a query.
, base AS MATERIALIZED (
  WITH RECURSIVE below (oid, base) AS (
    SELECT oid, CASE WHEN typtype = 'd' THEN typbasetype ELSE oid END FROM pg_type WHERE typtype = 'd'
    UNION ALL SELECT below.oid, typbasetype FROM below JOIN pg_type t ON t.oid = below.base WHERE typtype = 'd')
  SELECT below.oid, below.base, EXISTS (
    SELECT FROM below step JOIN pg_type d ON d.oid IN (step.oid, step.base)
    WHERE step.oid = below.oid AND d.typtype = 'd' AND (d.typnotnull OR EXISTS (SELECT FROM pg_constraint k WHERE k.contypid = d.oid))) AS is_checked
  FROM below JOIN pg_type t ON t.oid = below.base WHERE typtype <> 'd'
),
owner (class, oid, relation, kind) AS MATERIALIZED (
  SELECT 'pg_class'::regclass::oid, oid, oid, relkind FROM relation WHERE relkind <> 'S'
  UNION ALL
  SELECT 'pg_type'::regclass::oid, reltype, c.oid, relkind FROM pg_class c JOIN own ON own.oid = relnamespace WHERE relkind = 'c'
  UNION ALL
  SELECT 'pg_class'::regclass::oid, oid, oid, relkind FROM pg_class WHERE oid IN (SELECT inhparent FROM pg_inherits) AND relkind IN ('r', 'p', 'f') AND oid NOT IN (SELECT oid FROM relation)
),
-- NOT NULL is a constraint since PostgreSQL 18.
not_null AS MATERIALIZED (
  SELECT oid, conrelid, conkey[1] AS attnum, conname, conislocal, connoinherit, convalidated FROM pg_constraint WHERE contype = 'n' AND conrelid <> 0
)
SELECT 'column', owner.class, owner.oid, a.attnum, quote_ident(attname), format_type(atttypid, atttypmod), CASE WHEN attcollation <> typcollation THEN attcollation::regcollation END,
  attnotnull, CASE WHEN n.oid IS NOT NULL THEN ARRAY[n.oid::text, quote_ident(n.conname), conislocal::text, connoinherit::text, convalidated::text] END,
  -- A default has no columns, and is written faster without the table.
  d.oid, pg_get_expr(adbin, CASE WHEN attgenerated <> '' THEN adrelid ELSE 0 END, true), concat(attgenerated, attidentity), attislocal,
  CASE WHEN attstorage <> typstorage OR attcompression <> '' OR attstattarget >= 0 OR attoptions IS NOT NULL OR attinhcount > 0
    THEN ARRAY[attstorage::text, typstorage::text, attcompression::text, attstattarget::text] || (SELECT array_agg(o ORDER BY o) FROM unnest(attoptions) o) END,
  CASE WHEN {for_diff} THEN ARRAY[
    attinhcount::text,
    -- The type without modifiers and below domains, and its category.
    coalesce(base.base, atttypid)::regtype::text, (SELECT b.typcategory::text FROM pg_type b WHERE b.oid = coalesce(base.base, atttypid)),
    -- Whether the default is computed for each row.
    (attgenerated = '' AND EXISTS (SELECT FROM regexp_matches(adbin::text, ':(?:op)?funcid ([0-9]+)', 'g') called (function) JOIN pg_proc p ON p.oid = function[1]::oid WHERE provolatile = 'v'))::text,
    -- What qualifies the type where `public` is not in the search path.
    (SELECT 'public.' FROM pg_type named WHERE named.oid = CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN t.typelem ELSE t.oid END AND named.typnamespace = to_regnamespace('public') AND pg_type_is_visible(named.oid)),
    -- Whether the table is partitioned by the column.
    (owner.kind = 'p' AND EXISTS (SELECT FROM pg_depend k WHERE k.classid = 'pg_class'::regclass AND k.objid = a.attrelid AND k.objsubid = a.attnum AND k.refclassid = 'pg_class'::regclass AND k.refobjid = a.attrelid AND k.refobjsubid = 0 AND k.deptype = 'i'))::text,
    -- Whether the type is a domain with constraints, of its own or of a domain below it.
    coalesce(base.is_checked, false)::text
  ] END
FROM pg_attribute a JOIN owner ON owner.relation = attrelid JOIN pg_type t ON t.oid = atttypid LEFT JOIN base ON base.oid = atttypid
  LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = a.attnum LEFT JOIN not_null n ON conrelid = attrelid AND n.attnum = a.attnum
WHERE a.attnum > 0 AND NOT attisdropped
ORDER BY attrelid, a.attnum
