-- What can be changed about tables, views and sequences. `bound`, `partition_key`: of partitioned tables and partitions.
-- `accepts_updates`: the owner can update every row: no policy hides one, and no publication of updates prevents it, for lack of a replica identity or because of a filter.
-- Last: the condition that the rows of a partition fulfill, with the OID of the table above as SQL writes it.
, published AS MATERIALIZED (
  SELECT c.oid, bool_or(to_jsonb(m) ->> 'prqual' IS NOT NULL OR to_jsonb(m) ->> 'prattrs' IS NOT NULL) AS is_partial
  FROM pg_publication p JOIN pg_publication_tables t USING (pubname) JOIN pg_namespace n ON nspname = schemaname
    JOIN pg_class c ON relname = tablename AND relnamespace = n.oid LEFT JOIN pg_publication_rel m ON prpubid = p.oid AND prrelid = c.oid
  WHERE pubupdate GROUP BY c.oid
)
SELECT 'relation', 'pg_class'::regclass::oid, r.oid, r.relkind, r.relpersistence, r.name, r.relname, r.nspname,
  CASE WHEN r.relispartition THEN r.parent END, pg_get_expr(r.relpartbound, r.oid), CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END,
  (SELECT string_agg(inhparent::text, ' ' ORDER BY inhseqno) FROM pg_inherits WHERE inhrelid = r.oid),
  CASE WHEN r.reloftype <> 0 THEN r.reloftype::regtype END, amname, coalesce(spcname, 'pg_default'), srvname,
  NOT r.relforcerowsecurity AND (published.oid IS NULL OR NOT is_partial AND (r.relreplident = 'f' OR EXISTS (
    SELECT FROM pg_index WHERE indrelid = r.oid AND CASE r.relreplident WHEN 'd' THEN indisprimary ELSE indisreplident END))),
  CASE WHEN r.relispartition THEN pg_get_partition_constraintdef(r.oid) END
FROM relation r LEFT JOIN pg_am ON pg_am.oid = r.relam LEFT JOIN pg_tablespace t ON t.oid = r.reltablespace
  LEFT JOIN (pg_foreign_table f JOIN pg_foreign_server s ON s.oid = ftserver) ON ftrelid = r.oid
  LEFT JOIN published ON published.oid = r.oid
