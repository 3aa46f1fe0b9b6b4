-- What several queries need. `{except}`: the OIDs of the engine's own tables. `{migrator}`: the OID of the role that migrates.
WITH
own AS MATERIALIZED (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
-- Members of extensions, and the functions and casts created with a range type.
member AS MATERIALIZED (
  SELECT classid, objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
  UNION ALL
  SELECT classid, objid FROM pg_depend WHERE classid IN ('pg_proc'::regclass, 'pg_cast'::regclass) AND deptype = 'i'
),
-- Names that are not found in `public`, because `pg_catalog` comes first.
hidden AS (SELECT relname AS hidden_name FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace),
-- name: as regclass writes it, which is slower. rank: tables and views are groups of their own. parent: of a partition.
relation AS MATERIALIZED (
  SELECT c.oid, relname, relkind, relowner, relpersistence, relispartition, relpartbound, reloftype, relam, reltablespace, reltoastrelid, reloptions, relrowsecurity, relforcerowsecurity, relreplident, nspname,
    CASE WHEN nspname = 'public' AND hidden_name IS NULL THEN quote_ident(relname) ELSE concat(quote_ident(nspname), '.', quote_ident(relname)) END AS name, CASE WHEN relkind IN ('v', 'm') THEN 6 ELSE 5 END AS rank, inhparent AS parent
  FROM pg_class c JOIN own ON own.oid = relnamespace LEFT JOIN hidden ON hidden_name = relname LEFT JOIN pg_inherits ON inhrelid = c.oid AND relispartition
  WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.oid <> ALL (ARRAY[{except}]::oid[])
    AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_class'::regclass AND objid = c.oid)
)
