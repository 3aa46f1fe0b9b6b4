-- What several queries need. `{except}`: the OIDs of the engine's own tables. `{migrator}`: the OID of the role that migrates.
WITH
own AS MATERIALIZED (SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
-- Members of extensions, and the functions and casts created with a range type.
member AS MATERIALIZED (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e' OR (deptype = 'i' AND classid IN ('pg_proc'::regclass, 'pg_cast'::regclass))
),
-- rank: tables and views are groups of their own. parent: of a partition.
relation AS MATERIALIZED (
  SELECT c.*, c.oid::regclass::text AS name, CASE WHEN relkind IN ('v', 'm') THEN 6 ELSE 5 END AS rank, inhparent AS parent,
    CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS kind
  FROM pg_class c JOIN own ON own.oid = relnamespace LEFT JOIN pg_inherits ON inhrelid = c.oid AND relispartition
  WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.oid <> ALL (ARRAY[{except}]::oid[])
    AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_class'::regclass AND objid = c.oid)
)
