-- The columns that a role can read or insert, of every relation but the system's and the engine's. A relation without
-- columns has one row. `{except}`: the OIDs of the engine's own tables. `{role}`: the OID of the role.
WITH RECURSIVE
-- The base type of each domain is in its last row.
domain AS (
  SELECT oid, typbasetype AS base, typnotnull AS is_not_null FROM pg_type WHERE typtype = 'd'
  UNION ALL
  SELECT d.oid, t.typbasetype, d.is_not_null OR t.typnotnull FROM domain d JOIN pg_type t ON t.oid = d.base WHERE t.typtype = 'd'
),
relation AS MATERIALIZED (
  SELECT c.oid, nspname, relname, relkind, has_table_privilege({role}, c.oid, 'SELECT') AS can_read, has_table_privilege({role}, c.oid, 'INSERT') AS can_insert
  FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND c.oid <> ALL (ARRAY[{except}]::oid[]) AND has_schema_privilege({role}, n.oid, 'USAGE')
),
-- A table has defaults of its own; a column without one has that of its type. Before it is validated, NOT NULL only holds for new rows.
field AS (
  SELECT attrelid, attnum, attname, coalesce(base, atttypid) AS type,
    has_column_privilege({role}, attrelid, attnum, 'SELECT') AS can_read, has_column_privilege({role}, attrelid, attnum, 'INSERT') AS can_insert,
    attgenerated <> '' OR attidentity = 'a' AS is_generated,
    atthasdef OR attidentity <> '' OR typdefault IS NOT NULL OR typdefaultbin IS NOT NULL AS has_default,
    attnotnull OR coalesce(is_not_null, false) AS is_not_null,
    EXISTS (SELECT FROM pg_constraint k WHERE conrelid = attrelid AND contype = 'n' AND conkey[1] = attnum AND NOT convalidated) AS is_unchecked
  FROM pg_attribute JOIN relation r ON r.oid = attrelid JOIN pg_type t ON t.oid = atttypid
    LEFT JOIN (SELECT d.* FROM domain d JOIN pg_type b ON b.oid = d.base WHERE b.typtype <> 'd') d ON d.oid = atttypid
  WHERE attnum > 0 AND NOT attisdropped
),
-- Rows are inserted into a view by its rule or trigger, or else through the columns that are those of a table.
insertable AS (
  SELECT oid, attnum, CASE WHEN relkind = 'm' OR NOT coalesce(f.can_insert, r.can_insert) THEN false WHEN relkind <> 'v' THEN true
      WHEN pg_relation_is_updatable(oid, true) & 8 <> 8 THEN false
      WHEN EXISTS (SELECT FROM pg_trigger WHERE tgrelid = oid AND tgtype & 68 = 68) OR EXISTS (SELECT FROM pg_rewrite WHERE ev_class = r.oid AND ev_type = '3' AND is_instead) THEN true
      ELSE coalesce(pg_column_is_updatable(oid, attnum, false), true) END AS is_insertable
  FROM relation r LEFT JOIN field f ON attrelid = oid
)
SELECT nspname, relname, obj_description(r.oid, 'pg_class'), attname, col_description(r.oid, f.attnum), f.type,
  coalesce(f.can_read, r.can_read), is_insertable, is_generated, has_default, is_not_null AND NOT is_unchecked, is_not_null
FROM relation r LEFT JOIN field f ON attrelid = r.oid JOIN insertable i ON i.oid = r.oid AND i.attnum IS NOT DISTINCT FROM f.attnum
WHERE coalesce(f.can_read, r.can_read) OR is_insertable
ORDER BY nspname <> 'public', nspname, relname, f.attnum
