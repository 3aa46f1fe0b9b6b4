-- All types except those of tables and arrays. The attributes of composite types are in `columns.sql`. Last, for a diff: in
-- how many columns a type is used, and the functions that construct a range or its multirange.
SELECT 'type', t.oid, typtype, t.oid::regtype, typname, own.nspname, nullif(typowner, {migrator})::regrole,
  CASE WHEN typtype = 'd' THEN format_type(typbasetype, typtypmod) END, CASE WHEN typtype = 'd' AND typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = t.typbasetype) THEN typcollation::regcollation END,
  CASE WHEN typdefaultbin IS NOT NULL THEN coalesce(pg_get_expr(typdefaultbin, 0, true), typdefault) END, typnotnull,
  (SELECT ARRAY[k.oid::text, quote_ident(conname)] FROM pg_constraint k WHERE contypid = t.oid AND contype = 'n'),
  CASE WHEN typtype = 'e' THEN (SELECT array_agg(quote_literal(enumlabel) ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid) END,
  CASE typtype
    WHEN 'r' THEN (
      SELECT ARRAY[rngsubtype::regtype::text, CASE WHEN NOT opcdefault THEN format('%s.%I', opcnamespace::regnamespace, opcname) END, CASE WHEN rngcollation <> s.typcollation THEN rngcollation::regcollation END::text,
        nullif(rngcanonical::oid, 0)::regproc::text, nullif(rngsubdiff::oid, 0)::regproc::text, rngmultitypid::regtype::text]
      FROM pg_range JOIN pg_opclass o ON o.oid = rngsubopc JOIN pg_type s ON s.oid = rngsubtype WHERE rngtypid = t.oid)
    WHEN 'b' THEN ARRAY[typinput::text, typoutput::text, nullif(typreceive::oid, 0)::regproc::text, nullif(typsend::oid, 0)::regproc::text, nullif(typmodin::oid, 0)::regproc::text, nullif(typmodout::oid, 0)::regproc::text,
      nullif(typanalyze::oid, 0)::regproc::text, nullif(to_jsonb(t) ->> 'typsubscript', '-'), typlen::text, typbyval::text, typalign::text, typstorage::text, quote_literal(nullif(typcategory, 'U')::text), typispreferred::text,
      quote_literal(typdefault), nullif(typelem, 0)::regtype::text, quote_literal(nullif(typdelim, ',')::text), (typcollation <> 0)::text]
  END,
  CASE WHEN {for_diff} THEN (SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind IN ('r', 'p', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped AND (a.atttypid = t.oid OR a.atttypid = t.typarray)) END,
  CASE WHEN {for_diff} AND typtype = 'r' THEN (
    SELECT array_agg(f.objid ORDER BY f.objid) FROM pg_depend f
    WHERE f.classid = 'pg_proc'::regclass AND f.deptype = 'i' AND f.refclassid = 'pg_type'::regclass
      AND (f.refobjid = t.oid OR f.refobjid IN (SELECT m.objid FROM pg_depend m WHERE m.classid = 'pg_type'::regclass AND m.refclassid = 'pg_type'::regclass AND m.refobjid = t.oid AND m.deptype = 'i')))
  END
FROM pg_type t JOIN own ON own.oid = typnamespace LEFT JOIN pg_class c ON c.oid = typrelid
WHERE typtype IN ('b', 'c', 'd', 'e', 'p', 'r') AND (typrelid = 0 OR c.relkind = 'c') AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = t.oid)
  AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_type'::regclass AND objid = t.oid)
