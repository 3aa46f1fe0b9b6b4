-- Dependencies from pg_depend, as (catalog, OID) needs (catalog, OID); and `part`: objects that are written as part of
-- another, such as an index as part of its table or an array type as part of its element type. `soft`: an order preferred
-- for readability only.
SELECT 'needs', classid, objid, refclassid, refobjid FROM pg_depend
WHERE objid >= 16384 AND refobjid >= 16384 AND deptype IN ('n', 'a', 'i', 'P')
  AND NOT (deptype = 'a' AND classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class WHERE oid = objid AND relkind = 'S'))
UNION ALL
SELECT 'needs', refclassid, refobjid, classid, objid FROM pg_depend
WHERE deptype = 'a' AND classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjsubid > 0
  AND EXISTS (SELECT FROM pg_class WHERE oid = objid AND relkind = 'S')
UNION ALL
SELECT 'soft', 'pg_class'::regclass, conrelid, 'pg_class'::regclass, confrelid FROM pg_constraint WHERE contype = 'f'
UNION ALL
SELECT 'part', 'pg_attrdef'::regclass, oid, 'pg_class'::regclass, adrelid FROM pg_attrdef
UNION ALL
SELECT 'part', 'pg_constraint'::regclass, oid, CASE WHEN conrelid <> 0 THEN 'pg_class'::regclass ELSE 'pg_type'::regclass END, CASE WHEN conrelid <> 0 THEN conrelid ELSE contypid END FROM pg_constraint WHERE oid >= 16384 AND contype <> 't'
UNION ALL
SELECT 'part', 'pg_rewrite'::regclass, oid, 'pg_class'::regclass, ev_class FROM pg_rewrite WHERE rulename = '_RETURN' AND oid >= 16384
UNION ALL
SELECT 'part', 'pg_publication_rel'::regclass, oid, 'pg_publication'::regclass, prpubid FROM pg_publication_rel
UNION ALL
SELECT 'part', 'pg_class'::regclass, indexrelid, 'pg_class'::regclass, indrelid FROM pg_index WHERE indexrelid >= 16384
UNION ALL
SELECT 'part', 'pg_type'::regclass, oid, 'pg_class'::regclass, typrelid FROM pg_type WHERE typrelid <> 0 AND oid >= 16384
UNION ALL
SELECT 'part', 'pg_type'::regclass, oid, 'pg_type'::regclass, typelem FROM pg_type WHERE typelem <> 0 AND oid >= 16384
UNION ALL
SELECT 'part', 'pg_type'::regclass, rngmultitypid, 'pg_type'::regclass, rngtypid FROM pg_range WHERE rngtypid >= 16384;
