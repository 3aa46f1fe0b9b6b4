-- Operators, operator families and operator classes.
, operator AS MATERIALIZED (SELECT o.*, format('OPERATOR(%I.%s)', nspname, oprname) AS reference FROM pg_operator o JOIN pg_namespace n ON n.oid = oprnamespace),
family AS MATERIALIZED (
  SELECT f.oid, format('%I.%I', nspname, opfname) AS name, amname, opfowner FROM pg_opfamily f JOIN own ON own.oid = opfnamespace JOIN pg_am a ON a.oid = opfmethod
  WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_opfamily'::regclass AND objid = f.oid)
),
class AS MATERIALIZED (
  SELECT c.*, format('%I.%I', nspname, opcname) AS name, amname, format('%s.%I', opfnamespace::regnamespace, opfname) AS family
  FROM pg_opclass c JOIN own ON own.oid = opcnamespace JOIN pg_am a ON a.oid = opcmethod JOIN pg_opfamily f ON f.oid = opcfamily
  WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_opclass'::regclass AND objid = c.oid)
),
entry AS MATERIALIZED (
  SELECT refclassid, refobjid, 1 AS kind, amopstrategy AS number, format('OPERATOR %s %s.%s (%s, %s)%s', amopstrategy, quote_ident(nspname), oprname, format_type(amoplefttype, NULL), format_type(amoprighttype, NULL),
      CASE WHEN amopsortfamily <> 0 THEN format(' FOR ORDER BY %s.%I', opfnamespace::regnamespace, opfname) END) AS text
  FROM pg_depend d JOIN pg_amop e ON d.classid = 'pg_amop'::regclass AND d.objid = e.oid JOIN pg_operator o ON o.oid = amopopr JOIN pg_namespace n ON n.oid = oprnamespace LEFT JOIN pg_opfamily f ON f.oid = amopsortfamily
  WHERE refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
  UNION ALL
  SELECT refclassid, refobjid, 2, amprocnum, format('FUNCTION %s (%s, %s) %s', amprocnum, format_type(amproclefttype, NULL), format_type(amprocrighttype, NULL), amproc::regprocedure)
  FROM pg_depend d JOIN pg_amproc e ON d.classid = 'pg_amproc'::regclass AND d.objid = e.oid
  WHERE refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass)
),
entries AS MATERIALIZED (SELECT refclassid, refobjid, string_agg('  ' || text, E',\n' ORDER BY kind, number, text) AS list FROM entry GROUP BY 1, 2)
SELECT 'object', 'pg_operator'::regclass::oid::text, o.oid, 3, o.oid::regoperator::text, 0, '', format('OPERATOR %s', o.oid::regoperator), nullif(o.oprowner, {migrator})::regrole::text,
  concat('CREATE OPERATOR ', quote_ident(nspname), '.', o.oprname, ' (FUNCTION = ', o.oprcode, CASE WHEN o.oprleft <> 0 THEN format(', LEFTARG = %s', o.oprleft::regtype) END, ', RIGHTARG = ', o.oprright::regtype,
    ', COMMUTATOR = ' || com.reference, ', NEGATOR = ' || neg.reference, CASE WHEN o.oprrest <> 0 THEN format(', RESTRICT = %s', o.oprrest) END, CASE WHEN o.oprjoin <> 0 THEN format(', JOIN = %s', o.oprjoin) END,
    CASE WHEN o.oprcanhash THEN ', HASHES' END, CASE WHEN o.oprcanmerge THEN ', MERGES' END, ');')
FROM operator o JOIN own ON own.oid = o.oprnamespace LEFT JOIN operator com ON com.oid = o.oprcom LEFT JOIN operator neg ON neg.oid = o.oprnegate
WHERE o.oprcode <> 0 AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_operator'::regclass AND objid = o.oid)
UNION ALL
SELECT 'object', 'pg_opfamily'::regclass::oid::text, oid, 3, format('%s %s', name, amname), 0, '', format('OPERATOR FAMILY %s USING %I', name, amname), nullif(opfowner, {migrator})::regrole::text,
  format('CREATE OPERATOR FAMILY %s USING %I;', name, amname)
FROM family
UNION ALL
-- Members that belong to no operator class.
SELECT 'object', 'loose', oid, 3, format('%s %s', name, amname), 2, '', NULL, NULL, format(E'ALTER OPERATOR FAMILY %s USING %I ADD\n%s;', name, amname, list)
FROM family JOIN entries ON refclassid = 'pg_opfamily'::regclass AND refobjid = family.oid
UNION ALL
SELECT 'object', 'pg_opclass'::regclass::oid::text, oid, 3, format('%s %s', family, amname), 1, name, format('OPERATOR CLASS %s USING %I', name, amname), nullif(opcowner, {migrator})::regrole::text,
  concat(format('CREATE OPERATOR CLASS %s%s FOR TYPE %s USING %I FAMILY %s AS', name, CASE WHEN opcdefault THEN ' DEFAULT' END, format_type(opcintype, NULL), amname, family), E'\n',
    concat_ws(E',\n', CASE WHEN opckeytype <> 0 THEN format('  STORAGE %s', format_type(opckeytype, NULL)) WHEN list IS NULL THEN format('  STORAGE %s', format_type(opcintype, NULL)) END, list), ';')
FROM class LEFT JOIN entries ON refclassid = 'pg_opclass'::regclass AND refobjid = class.oid
