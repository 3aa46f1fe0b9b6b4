-- Indexes and statistics. The letters: whether an index is invalid, partitioned, clustered on, a replica identity, that of an exclusion constraint, or has an expression or a condition. Last: the numbers of the columns that it makes unique, if it does in every row, and the operator classes.
SELECT 'index', indexrelid::text, indrelid::text, CASE WHEN nspname = 'public' AND hidden_name IS NULL THEN quote_ident(x.relname) ELSE concat(quote_ident(nspname), '.', quote_ident(x.relname)) END, quote_ident(x.relname),
  CASE WHEN {for_diff} OR k.oid IS NULL OR NOT indisvalid THEN pg_get_indexdef(indexrelid, 0, true) END, k.oid::text, inhparent::text,
  concat(CASE WHEN NOT indisvalid THEN 'i' END, CASE WHEN x.relkind = 'I' THEN 'p' END, CASE WHEN indisclustered THEN 'c' END, CASE WHEN indisreplident THEN 'r' END, CASE WHEN indisexclusion THEN 'x' END, CASE WHEN indexprs IS NOT NULL OR indpred IS NOT NULL THEN 'e' END),
  -- Those of a partitioned table's key are in the definition of its constraint.
  CASE WHEN x.relkind = 'I' AND k.contype IN ('p', 'u') THEN NULL ELSE x.reloptions::text END, quote_ident(spcname),
  -- Only expressions have a target.
  CASE WHEN indexprs IS NOT NULL THEN (SELECT array_agg(value ORDER BY attnum, place) FROM pg_attribute, LATERAL (VALUES (1, attnum), (2, attstattarget)) one (place, value) WHERE attrelid = indexrelid AND attstattarget >= 0) END::text,
  CASE WHEN {for_diff} THEN (SELECT string_agg(attname, '_' ORDER BY attnum) FROM pg_attribute WHERE attrelid = indexrelid) END,
  CASE WHEN {for_diff} THEN (SELECT array_agg(key ORDER BY place) FROM unnest(indkey) WITH ORDINALITY k (key, place) WHERE place <= indnkeyatts AND indisunique AND indpred IS NULL AND indexprs IS NULL) END::text,
  CASE WHEN {for_diff} THEN (SELECT array_agg(concat(opcnamespace::regnamespace, '.', opcname) ORDER BY place) FROM unnest(indclass) WITH ORDINALITY k (class, place) JOIN pg_opclass o ON o.oid = class) END::text
FROM pg_index i JOIN pg_class x ON x.oid = indexrelid JOIN relation r ON r.oid = indrelid LEFT JOIN hidden ON hidden_name = x.relname LEFT JOIN pg_tablespace t ON t.oid = x.reltablespace
  LEFT JOIN pg_constraint k ON k.conindid = indexrelid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = indrelid LEFT JOIN pg_inherits ON inhrelid = indexrelid
UNION ALL
SELECT 'statistics', s.oid::text, stxrelid::regclass::text, format('%I.%I', own.nspname, stxname), stxname::text,
  overlay(definition PLACING coalesce(columns, '') FROM 1 + length(definition) - length(format('%s FROM %s', pg_get_statisticsobjdef_columns(s.oid), stxrelid::regclass))),
  CASE WHEN stxstattarget >= 0 THEN stxstattarget END::text, nullif(stxowner, {migrator})::regrole::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM pg_statistic_ext s JOIN own ON own.oid = stxnamespace, pg_get_statisticsobjdef(s.oid) definition,
  -- PostgreSQL lists the columns by their numbers, which depend on the history of the table. Expressions come after them.
  LATERAL (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) AS columns FROM pg_attribute WHERE attrelid = stxrelid AND attnum = ANY (stxkeys)) sorted
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_statistic_ext'::regclass AND objid = s.oid)
