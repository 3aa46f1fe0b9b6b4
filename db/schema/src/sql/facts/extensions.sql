-- Extensions, with the versions to which they can be updated. Asked as a function of each version: there are few extensions.
SELECT 'extension', 'pg_extension'::regclass::oid, oid, extname, (SELECT string_agg(quote_literal(target), E'\n') FROM pg_extension_update_paths(extname) WHERE source = extversion AND path IS NOT NULL)
FROM pg_extension
