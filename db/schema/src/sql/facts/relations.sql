-- What can be changed about tables, views and sequences. `bound`, `partition_key`: of partitioned tables and partitions.
SELECT 'relation', 'pg_class'::regclass::oid, r.oid, r.relkind, r.relpersistence, r.name, r.relname, r.nspname,
  CASE WHEN r.relispartition THEN r.parent END, pg_get_expr(r.relpartbound, r.oid), CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END,
  (SELECT string_agg(inhparent::text, ' ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = r.oid),
  CASE WHEN r.reloftype <> 0 THEN r.reloftype::regtype END, amname, coalesce(spcname, 'pg_default'), srvname
FROM relation r LEFT JOIN pg_am ON pg_am.oid = r.relam LEFT JOIN pg_tablespace t ON t.oid = r.reltablespace
  LEFT JOIN (pg_foreign_table f JOIN pg_foreign_server s ON s.oid = ftserver) ON ftrelid = r.oid
