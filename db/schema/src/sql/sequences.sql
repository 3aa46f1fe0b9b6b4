-- Sequences. One that belongs to a column has the owner of its table. Those of identity columns are part of their table, with comment, privileges and persistence of their own.
, owned AS MATERIALIZED (
  SELECT d.objid AS sequence, r.oid AS relation, r.name, r.relpersistence, attname, attnum, atttypid, d.deptype
  FROM pg_depend d JOIN pg_sequence ON seqrelid = d.objid JOIN relation r ON r.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
)
SELECT 'object', 'pg_class'::regclass::oid, s.oid, CASE WHEN owned.relation IS NULL THEN 4 ELSE 5 END, coalesce(owned.name, s.name), CASE WHEN owned.deptype = 'i' THEN 9 ELSE 0 END, s.name,
  format('SEQUENCE %s', s.name), CASE WHEN owned.sequence IS NULL THEN nullif(relowner, {migrator})::regrole::text END,
  CASE WHEN owned.deptype = 'i' THEN nullif(concat_ws(E'\n', CASE WHEN s.relpersistence <> owned.relpersistence THEN format('ALTER SEQUENCE %s SET %s;', s.name, CASE s.relpersistence WHEN 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END) END,
      -- CREATE TABLE … (LIKE … INCLUDING IDENTITY) makes a bigint sequence for each column.
      CASE WHEN options.seqtypid <> atttypid THEN format('ALTER SEQUENCE %s AS %s MINVALUE %s MAXVALUE %s;', s.name, options.seqtypid::regtype, seqmin, seqmax) END), '')
    ELSE concat_ws(' ', 'CREATE', CASE s.relpersistence WHEN 'u' THEN 'UNLOGGED' END, 'SEQUENCE', s.name, CASE WHEN options.seqtypid <> 'int8'::regtype THEN format('AS %s', options.seqtypid::regtype) END, nullif(options.options, '')) || ';' END,
  NULL, NULL, NULL, NULL
FROM relation s JOIN sequence_options options ON options.seqrelid = s.oid JOIN pg_sequence q ON q.seqrelid = s.oid LEFT JOIN owned ON owned.sequence = s.oid
UNION ALL
SELECT 'more', 'pg_class'::regclass::oid, relation, 6, owned.name, 0, NULL, attnum::text, NULL, format('ALTER SEQUENCE %s OWNED BY %s.%I;', s.name, owned.name, attname), format('ALTER SEQUENCE %s OWNED BY NONE;', s.name), NULL, NULL, NULL
FROM owned JOIN relation s ON s.oid = sequence WHERE deptype = 'a'
