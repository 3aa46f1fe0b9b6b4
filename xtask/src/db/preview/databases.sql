-- The databases of the server with their comments, and the sizes of those that the role may connect to.
SELECT datname, pg_catalog.shobj_description(oid, 'pg_database'),
  CASE WHEN pg_catalog.has_database_privilege(oid, 'CONNECT') THEN pg_catalog.pg_database_size(oid) END
FROM pg_catalog.pg_database
ORDER BY datname
