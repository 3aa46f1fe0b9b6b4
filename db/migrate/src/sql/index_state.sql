-- Every name is qualified: the name of the index is to be found in the `search_path` of the revision.
SELECT i.indexrelid::pg_catalog.regclass, i.indisvalid
FROM pg_catalog.pg_index i
WHERE i.indexrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass({index})::pg_catalog.oid
