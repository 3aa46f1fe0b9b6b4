-- Extensions; for a diff, with the versions to which they can be updated, and a digest of their objects. Asked as a function of each version: there are few extensions.
SELECT 'extension', oid, quote_ident(extname), extnamespace::regnamespace, quote_literal(extversion), extrelocatable,
  CASE WHEN {for_diff} THEN (SELECT array_agg(quote_literal(target)) FROM pg_extension_update_paths(extname) WHERE source = extversion AND path IS NOT NULL) END,
  CASE WHEN {for_diff} THEN (SELECT md5(string_agg(o.type || ' ' || o.identity, ',' ORDER BY o.type, o.identity)) FROM pg_depend d, pg_identify_object(d.classid, d.objid, 0) o WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = pg_extension.oid AND d.deptype = 'e') END
FROM pg_extension
