-- Exclusion constraints of partitions come with that of their parent, because ATTACH PARTITION does not support them.
--
-- Indexes, what a constraint's index has beyond the constraint, and statistics.
, index AS MATERIALIZED (
  SELECT indexrelid, indrelid, indisvalid, indisclustered, indisreplident, indisexclusion, x.relname, CASE WHEN nspname = 'public' AND hidden_name IS NULL THEN quote_ident(x.relname) ELSE concat(quote_ident(nspname), '.', quote_ident(x.relname)) END AS name, x.relkind, x.reloptions, x.reltablespace, r.rank, r.name AS relation, k.oid AS key, k.contype, indexprs IS NOT NULL AS has_expressions
  FROM pg_index i JOIN pg_class x ON x.oid = indexrelid JOIN relation r ON r.oid = indrelid LEFT JOIN hidden ON hidden_name = x.relname LEFT JOIN pg_constraint k ON k.conindid = indexrelid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = indrelid
)
SELECT 'object', 'pg_class'::regclass::oid::text, indexrelid, rank, relation, 4, relname, format('INDEX %s', name), NULL, concat_ws(E'\n',
    -- A failed CREATE INDEX CONCURRENTLY leaves an invalid index, which nothing can recreate.
    CASE WHEN NOT indisvalid AND relkind = 'i' THEN format('-- INVALID: %s;', replace(pg_get_indexdef(indexrelid, 0, true), E'\n', ' '))
      WHEN key IS NULL THEN pg_get_indexdef(indexrelid, 0, true) || ';'
      WHEN reloptions IS NOT NULL AND NOT (relkind = 'I' AND contype IN ('p', 'u')) THEN format('ALTER INDEX %s SET (%s);', name, array_to_string(reloptions, ', ')) END,
    CASE WHEN spcname IS NOT NULL THEN format('ALTER INDEX %s SET TABLESPACE %I;', name, spcname) END,
    -- Only expressions have a target.
    CASE WHEN has_expressions THEN (SELECT string_agg(format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s;', name, attnum, attstattarget), E'\n' ORDER BY attnum) FROM pg_attribute WHERE attrelid = indexrelid AND attstattarget >= 0) END)
FROM index LEFT JOIN pg_tablespace t ON t.oid = reltablespace
UNION ALL
SELECT 'object', 'marked', indexrelid, rank, relation, 5, relname, NULL, NULL, concat_ws(E'\n',
    CASE WHEN indisclustered THEN format('ALTER TABLE %s CLUSTER ON %I;', relation, relname) END,
    CASE WHEN indisreplident THEN format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I;', relation, relname) END)
FROM index WHERE indisclustered OR indisreplident
UNION ALL
SELECT 'object', 'attached', i.indexrelid, 5, above.relation, 5, above.relname || ' ' || i.name, NULL, NULL, format('ALTER INDEX %s ATTACH PARTITION %s;', above.name, i.name)
FROM index i JOIN pg_inherits ON inhrelid = i.indexrelid JOIN index above ON above.indexrelid = inhparent WHERE NOT i.indisexclusion
UNION ALL
SELECT 'object', 'pg_statistic_ext'::regclass::oid::text, s.oid, 5, stxrelid::regclass::text, 6, stxname, format('STATISTICS %I.%I', own.nspname, stxname), nullif(stxowner, {migrator})::regrole::text,
  concat_ws(E'\n', overlay(definition PLACING coalesce(columns, '') FROM 1 + length(definition) - length(format('%s FROM %s', pg_get_statisticsobjdef_columns(s.oid), stxrelid::regclass))) || ';',
    CASE WHEN stxstattarget >= 0 THEN format('ALTER STATISTICS %I.%I SET STATISTICS %s;', own.nspname, stxname, stxstattarget) END)
FROM pg_statistic_ext s JOIN own ON own.oid = stxnamespace, pg_get_statisticsobjdef(s.oid) definition,
  -- PostgreSQL lists the columns by their numbers, which depend on the history of the table. Expressions come after them.
  LATERAL (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) AS columns FROM pg_attribute WHERE attrelid = stxrelid AND attnum = ANY (stxkeys)) sorted
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_statistic_ext'::regclass AND objid = s.oid)
