-- Tables and views; for a diff also sequences. The last three, of which the condition has the OID of the table above as SQL writes it, are for a diff.
-- The storage parameters of a relation, and those of its TOAST table, which CREATE TABLE ignores if all columns have a fixed length.
, setting AS (
  SELECT oid, array_agg(format('%s=%s', option, CASE WHEN value ~ '^([a-z_]+|-?[0-9]+(\.[0-9]+)?)$' THEN value ELSE quote_literal(value) END) ORDER BY number) AS list
  FROM (
    SELECT r.oid, number, quote_ident(split_part(o, '=', 1)) AS option, substr(o, strpos(o, '=') + 1) AS value FROM relation r, unnest(reloptions) WITH ORDINALITY u (o, number) WHERE reloptions IS NOT NULL
    UNION ALL
    SELECT r.oid, 1000 + number, 'toast.' || quote_ident(split_part(o, '=', 1)), substr(o, strpos(o, '=') + 1) FROM relation r JOIN pg_class t ON t.oid = r.reltoastrelid, unnest(t.reloptions) WITH ORDINALITY u (o, number) WHERE t.reloptions IS NOT NULL
      AND EXISTS (SELECT FROM pg_attribute WHERE attrelid = r.oid AND attlen < 0 AND NOT attisdropped)
  ) o GROUP BY oid
),
published AS MATERIALIZED (
  SELECT part.oid, bool_or(to_jsonb(m) ->> 'prqual' IS NOT NULL OR to_jsonb(m) ->> 'prattrs' IS NOT NULL) AS is_partial
  FROM pg_publication p JOIN pg_publication_tables t USING (pubname) JOIN pg_namespace n ON nspname = schemaname
    JOIN pg_class c ON relname = tablename AND relnamespace = n.oid LEFT JOIN pg_publication_rel m ON prpubid = p.oid AND prrelid = c.oid
    -- Also if it is published by way of its partitioned table.
    CROSS JOIN LATERAL (SELECT c.oid UNION SELECT relid FROM pg_partition_tree(c.oid)) part (oid)
  WHERE {for_diff} AND (pubupdate OR pubdelete) GROUP BY part.oid
),
parents AS (
  SELECT inhrelid, array_agg(inhparent ORDER BY inhseqno) AS oids, array_agg(inhparent::regclass ORDER BY inhseqno) AS names
  FROM pg_inherits WHERE inhrelid IN (SELECT oid FROM relation) GROUP BY inhrelid
)
SELECT 'relation', r.oid, r.relkind, r.relpersistence, r.name, r.relname, r.nspname, nullif(r.relowner, {migrator})::regrole,
  CASE WHEN r.relispartition THEN r.parent END, pg_get_expr(r.relpartbound, r.oid), CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END,
  parents.oids, parents.names, CASE WHEN r.reloftype <> 0 THEN r.reloftype::regtype END,
  quote_ident(own_method.amname), quote_ident(coalesce(method.amname, 'heap')), quote_ident(spcname), above.reltablespace <> 0, quote_ident(srvname), setting.list,
  r.relrowsecurity, r.relforcerowsecurity,
  -- A table whose replica identity was an index that has been dropped has none.
  CASE WHEN r.relreplident <> 'i' OR EXISTS (SELECT FROM pg_index WHERE indrelid = r.oid AND indisreplident) THEN r.relreplident ELSE 'n' END,
  published.oid IS NOT NULL, {for_diff} AND NOT r.relforcerowsecurity AND NOT EXISTS (SELECT FROM pg_rewrite WHERE ev_class = r.oid AND ev_type = '2') AND (published.oid IS NULL OR NOT is_partial AND (r.relreplident = 'f' OR EXISTS (
    SELECT FROM pg_index WHERE indrelid = r.oid AND CASE r.relreplident WHEN 'd' THEN indisprimary ELSE indisreplident END))) AS accepts_updates,
  CASE WHEN {for_diff} AND r.relispartition THEN pg_get_partition_constraintdef(r.oid) END
FROM relation r LEFT JOIN parents ON inhrelid = r.oid LEFT JOIN setting ON setting.oid = r.oid LEFT JOIN published ON published.oid = r.oid
  LEFT JOIN pg_am own_method ON own_method.oid = r.relam LEFT JOIN pg_tablespace t ON t.oid = r.reltablespace
  LEFT JOIN pg_class above ON above.oid = r.parent LEFT JOIN pg_am method ON method.oid = above.relam
  LEFT JOIN (pg_foreign_table f JOIN pg_foreign_server s ON s.oid = ftserver) ON ftrelid = r.oid
WHERE {for_diff} OR r.relkind <> 'S'
