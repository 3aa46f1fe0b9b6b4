-- Types, with the labels of enums.
SELECT 'type', t.oid, typtype, t.oid::regtype, typname, own.nspname,
  CASE WHEN typtype = 'd' THEN format_type(typbasetype, typtypmod) END, CASE WHEN typtype = 'd' AND typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = t.typbasetype) THEN typcollation::regcollation END,
  CASE WHEN typdefaultbin IS NOT NULL THEN coalesce(pg_get_expr(typdefaultbin, 0, true), typdefault) END, typnotnull,
  (SELECT array_agg(quote_literal(enumlabel) ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid),
  (SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind IN ('r', 'p', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped AND (a.atttypid = t.oid OR a.atttypid = t.typarray)),
  CASE WHEN typtype = 'r' THEN (
    SELECT array_agg(f.objid ORDER BY f.objid) FROM pg_depend f
    WHERE f.classid = 'pg_proc'::regclass AND f.deptype = 'i' AND f.refclassid = 'pg_type'::regclass
      AND (f.refobjid = t.oid OR f.refobjid IN (SELECT m.objid FROM pg_depend m WHERE m.classid = 'pg_type'::regclass AND m.refclassid = 'pg_type'::regclass AND m.refobjid = t.oid AND m.deptype = 'i')))
  END
FROM pg_type t JOIN own ON own.oid = typnamespace LEFT JOIN pg_class c ON c.oid = typrelid
WHERE typtype IN ('b', 'c', 'd', 'e', 'p', 'r') AND (typrelid = 0 OR c.relkind = 'c') AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = t.oid)
  AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_type'::regclass AND objid = t.oid)
