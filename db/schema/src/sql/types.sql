-- All types except those of tables and arrays. Shell types come before the functions of base types and ranges.
, kind AS MATERIALIZED (
  SELECT t.*, t.oid::regtype::text AS name, to_jsonb(t) ->> 'typsubscript' AS subscript, CASE WHEN typdefaultbin IS NOT NULL THEN coalesce(pg_get_expr(typdefaultbin, 0, true), typdefault) END AS default_expression
  FROM pg_type t JOIN own ON own.oid = typnamespace LEFT JOIN pg_class c ON c.oid = typrelid
  WHERE typtype IN ('b', 'c', 'd', 'e', 'p', 'r') AND (typrelid = 0 OR c.relkind = 'c') AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = t.oid)
    AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_type'::regclass AND objid = t.oid)
),
label AS (SELECT enumtypid, string_agg(format('  %L', enumlabel), E',\n' ORDER BY enumsortorder) AS list FROM pg_enum GROUP BY enumtypid),
field AS (
  SELECT attrelid, string_agg(concat('  ', quote_ident(attname), ' ', format_type(atttypid, atttypmod), CASE WHEN attcollation <> typcollation THEN format(' COLLATE %s', attcollation::regcollation) END), E',\n' ORDER BY attnum) AS list
  FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid IN (SELECT typrelid FROM kind WHERE typrelid <> 0) AND attnum > 0 AND NOT attisdropped GROUP BY attrelid
),
not_null AS (SELECT contypid, conname FROM pg_constraint WHERE contype = 'n' AND contypid <> 0)
SELECT 'object', 'shell', oid, 2, name, 0, '', NULL, NULL, format('CREATE TYPE %s;', name), NULL, NULL, NULL, NULL
FROM kind WHERE typtype = 'b' OR (typtype = 'r' AND EXISTS (SELECT FROM pg_range WHERE rngtypid = oid AND rngcanonical <> 0))
UNION ALL
SELECT 'object', 'pg_type'::regclass::oid::text, kind.oid, 2, name, 1, '', format('%s %s', CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, name), nullif(typowner, {migrator})::regrole::text,
  CASE typtype
    WHEN 'e' THEN format('CREATE TYPE %s AS ENUM (%s);', name, E'\n' || label.list || E'\n')
    WHEN 'c' THEN format('CREATE TYPE %s AS (%s);', name, E'\n' || field.list || E'\n')
    WHEN 'd' THEN concat('CREATE DOMAIN ', name, ' AS ', format_type(typbasetype, typtypmod),
      CASE WHEN typcollation <> (SELECT b.typcollation FROM pg_type b WHERE b.oid = kind.typbasetype) THEN format(' COLLATE %s', typcollation::regcollation) END,
      format(CASE WHEN default_expression ~ {outside_of_b_expr} THEN ' DEFAULT (%s)' WHEN default_expression IS NOT NULL THEN ' DEFAULT %s' ELSE '' END, default_expression),
      CASE WHEN typnotnull THEN concat(CASE WHEN not_null.conname <> typname || '_not_null' THEN format(' CONSTRAINT %I', not_null.conname) END, ' NOT NULL') END)
    WHEN 'r' THEN concat('CREATE TYPE ', name, ' AS RANGE (SUBTYPE = ', rngsubtype::regtype,
      CASE WHEN NOT opcdefault THEN format(', SUBTYPE_OPCLASS = %s.%I', opcnamespace::regnamespace, opcname) END,
      CASE WHEN rngcollation <> subtype_collation THEN format(', COLLATION = %s', rngcollation::regcollation) END,
      CASE WHEN rngcanonical <> 0 THEN format(', CANONICAL = %s', rngcanonical::regproc) END,
      CASE WHEN rngsubdiff <> 0 THEN format(', SUBTYPE_DIFF = %s', rngsubdiff::regproc) END,
      ', MULTIRANGE_TYPE_NAME = ', rngmultitypid::regtype, ');')
    WHEN 'p' THEN format('CREATE TYPE %s;', name)
    ELSE concat('CREATE TYPE ', name, ' (INPUT = ', kind.typinput, ', OUTPUT = ', kind.typoutput,
      CASE WHEN kind.typreceive <> 0 THEN format(', RECEIVE = %s', kind.typreceive) END, CASE WHEN kind.typsend <> 0 THEN format(', SEND = %s', kind.typsend) END,
      CASE WHEN kind.typmodin <> 0 THEN format(', TYPMOD_IN = %s', kind.typmodin) END, CASE WHEN kind.typmodout <> 0 THEN format(', TYPMOD_OUT = %s', kind.typmodout) END,
      CASE WHEN kind.typanalyze <> 0 THEN format(', ANALYZE = %s', kind.typanalyze) END, ', SUBSCRIPT = ' || nullif(subscript, '-'),
      ', INTERNALLENGTH = ', CASE kind.typlen WHEN -1 THEN 'VARIABLE' ELSE kind.typlen::text END, CASE WHEN kind.typbyval THEN ', PASSEDBYVALUE' END,
      CASE kind.typalign WHEN 'c' THEN ', ALIGNMENT = char' WHEN 's' THEN ', ALIGNMENT = int2' WHEN 'd' THEN ', ALIGNMENT = double' END,
      CASE kind.typstorage WHEN 'e' THEN ', STORAGE = external' WHEN 'x' THEN ', STORAGE = extended' WHEN 'm' THEN ', STORAGE = main' END,
      CASE WHEN kind.typcategory <> 'U' THEN format(', CATEGORY = %L', kind.typcategory) END, CASE WHEN kind.typispreferred THEN ', PREFERRED = true' END,
      ', DEFAULT = ' || coalesce(default_expression, quote_literal(kind.typdefault)), CASE WHEN kind.typelem <> 0 THEN format(', ELEMENT = %s', kind.typelem::regtype) END,
      CASE WHEN kind.typdelim <> ',' THEN format(', DELIMITER = %L', kind.typdelim) END, CASE WHEN kind.typcollation <> 0 THEN ', COLLATABLE = true' END, ');') END,
  CASE typtype WHEN 'd' THEN 'clauses' END, NULL, NULL, CASE typtype WHEN 'd' THEN ';' END
FROM kind LEFT JOIN label ON enumtypid = kind.oid LEFT JOIN field ON attrelid = kind.typrelid LEFT JOIN not_null ON contypid = kind.oid
  LEFT JOIN (SELECT r.*, opcdefault, opcnamespace, opcname, typcollation AS subtype_collation FROM pg_range r JOIN pg_opclass o ON o.oid = rngsubopc JOIN pg_type s ON s.oid = rngsubtype) r ON rngtypid = kind.oid
UNION ALL
SELECT 'item', 'pg_type'::regclass::oid::text, contypid, 1, conname, 0, NULL, NULL, format('CONSTRAINT %I %s', conname, definition), NULL, 'pg_constraint'::regclass::oid::text, k.oid::text,
  format('ALTER DOMAIN %s ADD CONSTRAINT %I %s;', name, conname, definition), format('CONSTRAINT %I ON DOMAIN %s', conname, name)
FROM (SELECT *, pg_get_constraintdef(oid, true) AS definition FROM pg_constraint WHERE contypid <> 0 AND contype = 'c' AND convalidated) k JOIN kind ON kind.oid = contypid
UNION ALL
SELECT 'object', 'pg_constraint'::regclass::oid::text, k.oid, 2, name, 2, conname, format('CONSTRAINT %I ON DOMAIN %s', conname, name), NULL,
  format('ALTER DOMAIN %s ADD CONSTRAINT %I %s;', name, conname, definition), NULL, NULL, NULL, NULL
FROM (SELECT *, pg_get_constraintdef(oid, true) AS definition FROM pg_constraint WHERE contypid <> 0 AND contype = 'c' AND NOT convalidated) k JOIN kind ON kind.oid = contypid
UNION ALL
-- A domain's NOT NULL has a comment of its own.
SELECT 'item', 'pg_type'::regclass::oid::text, contypid, 0, conname, 0, NULL, NULL, NULL, NULL, 'pg_constraint'::regclass::oid::text, k.oid::text, NULL, format('CONSTRAINT %I ON DOMAIN %s', conname, name)
FROM pg_constraint k JOIN kind ON kind.oid = contypid WHERE contype = 'n'
