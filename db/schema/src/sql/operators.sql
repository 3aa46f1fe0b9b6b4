-- Operators, those without a function too, operator families and operator classes. The members of these: 1 for an operator and 2 for a function, number, name, types, and what an operator sorts by.
, operator AS MATERIALIZED (SELECT o.*, format('OPERATOR(%I.%s)', nspname, oprname) AS reference FROM pg_operator o JOIN pg_namespace n ON n.oid = oprnamespace),
entry AS MATERIALIZED (
  SELECT refclassid, refobjid, 1 AS kind, amopstrategy AS number, format('%I.%s', nspname, oprname) AS name, format('(%s, %s)', format_type(amoplefttype, NULL), format_type(amoprighttype, NULL)) AS types,
    concat(' FOR ORDER BY ' || CASE WHEN amopsortfamily <> 0 THEN format('%s.%I', opfnamespace::regnamespace, opfname) END) AS sorting
  FROM pg_depend d JOIN pg_amop e ON d.classid = 'pg_amop'::regclass AND d.objid = e.oid JOIN pg_operator o ON o.oid = amopopr JOIN pg_namespace n ON n.oid = oprnamespace LEFT JOIN pg_opfamily f ON f.oid = amopsortfamily
  WHERE refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
  UNION ALL
  SELECT refclassid, refobjid, 2, amprocnum, amproc::regprocedure::text, format('(%s, %s)', format_type(amproclefttype, NULL), format_type(amprocrighttype, NULL)), ''
  FROM pg_depend d JOIN pg_amproc e ON d.classid = 'pg_amproc'::regclass AND d.objid = e.oid
  WHERE refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
),
entries AS MATERIALIZED (
  SELECT refclassid, refobjid, array_agg(part ORDER BY kind, number, CASE kind WHEN 1 THEN concat(name, ' ', types, sorting) ELSE concat(types, ' ', name) END, place)::text AS list
  FROM entry, LATERAL (VALUES (1, kind::text), (2, number::text), (3, name), (4, types), (5, sorting)) one (place, part) GROUP BY 1, 2
)
SELECT 'operator', o.oid::text, o.oid::regoperator::text, concat(quote_ident(nspname), '.', o.oprname), nullif(o.oprowner, {migrator})::regrole::text,
  o.oprcode::text, nullif(o.oprleft, 0)::regtype::text, o.oprright::regtype::text, com.reference, neg.reference, nullif(o.oprrest::oid, 0)::regproc::text, nullif(o.oprjoin::oid, 0)::regproc::text, o.oprcanhash::text, o.oprcanmerge::text, (0 IN (com.oprcode::oid, neg.oprcode::oid))::text
FROM operator o JOIN own ON own.oid = o.oprnamespace LEFT JOIN operator com ON com.oid = o.oprcom LEFT JOIN operator neg ON neg.oid = o.oprnegate
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_operator'::regclass AND objid = o.oid)
UNION ALL
SELECT 'operator family', f.oid::text, format('%I.%I', nspname, opfname), quote_ident(amname), amname::text, nullif(opfowner, {migrator})::regrole::text,
  -- Those that belong to no operator class.
  list, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM pg_opfamily f JOIN own ON own.oid = opfnamespace JOIN pg_am a ON a.oid = opfmethod LEFT JOIN entries ON refclassid = 'pg_opfamily'::regclass AND refobjid = f.oid
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_opfamily'::regclass AND objid = f.oid)
UNION ALL
SELECT 'operator class', c.oid::text, format('%I.%I', nspname, opcname), quote_ident(amname), amname::text, nullif(opcowner, {migrator})::regrole::text, list,
  format('%s.%I', opfnamespace::regnamespace, opfname), opcdefault::text, format_type(opcintype, NULL), CASE WHEN opckeytype <> 0 THEN format_type(opckeytype, NULL) END, NULL, NULL, NULL, NULL
FROM pg_opclass c JOIN own ON own.oid = opcnamespace JOIN pg_am a ON a.oid = opcmethod JOIN pg_opfamily f ON f.oid = opcfamily LEFT JOIN entries ON refclassid = 'pg_opclass'::regclass AND refobjid = c.oid
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_opclass'::regclass AND objid = c.oid)
