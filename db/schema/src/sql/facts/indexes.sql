-- Indexes, with the names of their columns. `parent`: the index of a partitioned table that it is attached to. Last: the numbers of the columns that it makes unique, if it does in every row.
SELECT 'index', indexrelid, indrelid, x.relname, CASE WHEN nspname = 'public' AND hidden_name IS NULL THEN quote_ident(x.relname) ELSE concat(quote_ident(nspname), '.', quote_ident(x.relname)) END,
  pg_get_indexdef(indexrelid, 0, true), indisvalid, k.oid, inhparent,
  (SELECT string_agg(attname, '_' ORDER BY attnum) FROM pg_attribute WHERE attrelid = indexrelid), quote_ident(x.relname),
  (SELECT array_agg(key ORDER BY place) FROM unnest(indkey) WITH ORDINALITY k (key, place) WHERE place <= indnkeyatts AND indisunique AND indpred IS NULL AND indexprs IS NULL)
FROM pg_index i JOIN pg_class x ON x.oid = indexrelid JOIN relation r ON r.oid = indrelid LEFT JOIN hidden ON hidden_name = x.relname
  LEFT JOIN pg_constraint k ON k.conindid = indexrelid AND k.contype IN ('p', 'u', 'x') AND k.conrelid = indrelid LEFT JOIN pg_inherits ON inhrelid = indexrelid
