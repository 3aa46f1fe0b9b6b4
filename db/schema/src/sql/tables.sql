-- Tables and foreign tables with their columns.
--
-- A partition is created as such only if that gives it the same columns in the same order. If not, it is created as a table and
-- attached. In the same way, a child that has all columns of its parents as its own is attached if their order differs.
, stored AS NOT MATERIALIZED (
  SELECT attrelid, attnum, attname, atttypid, atttypmod, attnotnull, attcollation, attislocal, attidentity, attgenerated, attstorage, attcompression, attstattarget, attoptions, attfdwoptions,
    -- A default has no columns, and is written faster without the table.
    r.name AS relation, r.relname, r.relkind, r.relispartition, r.reloftype, typcollation, typstorage, d.oid AS default_id, pg_get_expr(adbin, CASE WHEN attgenerated <> '' THEN adrelid ELSE 0 END, true) AS expression
  FROM pg_attribute a JOIN relation r ON r.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON adrelid = a.attrelid AND adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p', 'f', 'm')
),
-- NOT NULL is a constraint since PostgreSQL 18.
not_null AS MATERIALIZED (
  SELECT oid, conrelid, conkey[1] AS attnum, conname, conislocal, connoinherit, convalidated FROM pg_constraint WHERE contype = 'n' AND conrelid <> 0
),
-- What a column inherits; the first parent decides its place.
inherited AS MATERIALIZED (
  SELECT child.attrelid, child.attnum, bool_or(above.attnotnull AND n.connoinherit IS DISTINCT FROM true) AS not_null, min(n.conname) AS not_null_name, min(inhseqno * 10000 + above.attnum) AS place,
    min(pg_get_expr(adbin, adrelid, true)) AS expression, min(above.attstorage)::"char" AS storage, min(above.attcompression)::"char" AS compression
  FROM pg_inherits JOIN stored child ON child.attrelid = inhrelid JOIN pg_attribute above ON above.attrelid = inhparent AND above.attname = child.attname AND NOT above.attisdropped
  LEFT JOIN pg_attrdef ON adrelid = above.attrelid AND adnum = above.attnum LEFT JOIN not_null n ON n.conrelid = above.attrelid AND n.attnum = above.attnum
  GROUP BY child.attrelid, child.attnum
),
known AS NOT MATERIALIZED (
  SELECT s.*, i.place, i.not_null AS inherits_not_null, i.expression AS inherited_expression, i.storage AS inherited_storage, i.compression AS inherited_compression, n.oid AS constraint_id, n.conname, n.conislocal, n.connoinherit, n.convalidated,
    -- Whether CREATE TABLE … PARTITION OF can create it.
    (s.attgenerated = '' OR s.expression IS NOT DISTINCT FROM i.expression) AND (i.not_null_name IS NULL OR n.conname = i.not_null_name) AS is_usual
  FROM stored s LEFT JOIN inherited i USING (attrelid, attnum) LEFT JOIN not_null n ON n.conrelid = s.attrelid AND n.attnum = s.attnum
),
parents AS (SELECT inhrelid, string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) AS list FROM pg_inherits GROUP BY inhrelid),
placed AS (
  SELECT *, row_number() OVER (PARTITION BY attrelid ORDER BY place, attnum) = row_number() OVER (PARTITION BY attrelid ORDER BY attnum) AS is_in_place
  FROM known WHERE attrelid IN (SELECT inhrelid FROM pg_inherits)
),
attached AS MATERIALIZED (
  SELECT attrelid FROM placed GROUP BY attrelid, relispartition
  HAVING NOT bool_and(is_in_place AND (is_usual OR NOT relispartition))
    AND (relispartition OR (bool_and(attislocal) AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = attrelid AND contype IN ('c', 'n') AND NOT conislocal)))
),
-- is_written: in the list of CREATE TABLE.
attribute AS MATERIALIZED (
  SELECT is_listed AS is_written, attached.attrelid IS NOT NULL AS is_attached, known.*,
    CASE WHEN is_listed THEN typstorage ELSE created_storage END AS usual_storage, CASE WHEN is_listed THEN '' ELSE created_compression END AS usual_compression, created_storage, created_compression
  FROM known LEFT JOIN attached USING (attrelid), LATERAL (SELECT CASE WHEN relkind = 'm' THEN false WHEN relispartition THEN attached.attrelid IS NOT NULL ELSE attislocal END AS is_listed) listed,
    -- What CREATE TABLE makes it: a column that a child also declares gets it from the parent all the same.
    LATERAL (SELECT CASE WHEN attached.attrelid IS NULL THEN coalesce(inherited_storage, typstorage) ELSE typstorage END AS created_storage, CASE WHEN attached.attrelid IS NULL THEN coalesce(inherited_compression, '') ELSE '' END AS created_compression) created
),
restriction AS MATERIALIZED (
  SELECT k.oid, conrelid, conname, contype, r.name, pg_get_constraintdef(k.oid, true) AS definition, contype <> 'f' AND convalidated AND contype <> 'n' AND NOT (relkind = 'p' AND contype <> 'c')
      -- A key in CREATE TABLE names the NOT NULL of its columns; the inherited one has a name already.
      AND NOT (contype = 'p' AND conrelid IN (SELECT inhrelid FROM pg_inherits) AND conrelid NOT IN (SELECT attrelid FROM attached) AND EXISTS (SELECT FROM pg_constraint n WHERE n.conrelid = k.conrelid AND n.contype = 'n' AND NOT n.conislocal AND n.conkey[1] = ANY (k.conkey)))
      AND (contype = 'c' OR row_number() OVER (PARTITION BY conrelid, contype IN ('p', 'u'), CASE WHEN contype IN ('p', 'u') THEN conkey::text ELSE k.oid::text END ORDER BY contype <> 'p', conname) = 1) AS is_inline
  FROM pg_constraint k JOIN relation r ON r.oid = k.conrelid
  WHERE (contype = 'c' AND (conislocal OR conrelid IN (SELECT attrelid FROM attached))) OR contype IN ('p', 'u') OR (contype IN ('f', 'x') AND conparentid = 0) OR (contype = 'n' AND conislocal AND NOT convalidated)
),
identity AS (
  SELECT refobjid AS attrelid, refobjsubid AS attnum, s.relname, s.name, options
  FROM pg_depend d JOIN relation s ON s.oid = objid JOIN sequence_options ON seqrelid = s.oid
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i' AND d.refobjsubid > 0
)
SELECT 'object', 'pg_class'::regclass::oid::text, r.oid, 5, r.name, 1, '', format('%s %s', kind, r.name), nullif(r.relowner, {migrator})::regrole::text,
  concat('CREATE ', CASE r.relpersistence WHEN 'u' THEN 'UNLOGGED ' END, kind, ' ', r.name, CASE WHEN r.relispartition AND NOT is_attached THEN ' PARTITION OF ' || parent::regclass::text WHEN r.reloftype <> 0 THEN format(' OF %s', r.reloftype::regtype) END),
  CASE WHEN (r.relispartition AND NOT is_attached) OR r.reloftype <> 0 THEN 'list or nothing' ELSE 'list' END,
  concat(CASE WHEN is_attached THEN NULL WHEN r.relispartition THEN ' ' || pg_get_expr(r.relpartbound, r.oid) ELSE ' INHERITS (' || parents.list || ')' END,
    CASE WHEN r.relkind = 'p' THEN ' PARTITION BY ' || pg_get_partkeydef(r.oid) END,
    CASE WHEN r.relkind = 'f' THEN concat(format(' SERVER %I', srvname), (SELECT format(' OPTIONS (%s)', string_agg(format('%I %L', option_name, {option_value}), ', ' ORDER BY option_name)) FROM pg_options_to_table(ftoptions) HAVING count(*) > 0))
      ELSE ' USING ' || quote_ident(access) END),
  setting.list, concat(' TABLESPACE ' || quote_ident(space), ';')
FROM (
  SELECT r.*, a.attrelid IS NOT NULL AS is_attached, srvname, ftoptions, CASE WHEN amname <> coalesce(nullif(parent_access, ''), 'heap') THEN amname END AS access,
    CASE WHEN r.reltablespace <> 0 THEN t.spcname WHEN parent_space <> 0 AND a.attrelid IS NULL THEN 'pg_default' END AS space
  FROM relation r LEFT JOIN attached a ON a.attrelid = r.oid LEFT JOIN (pg_foreign_table f JOIN pg_foreign_server s ON s.oid = ftserver) ON ftrelid = r.oid LEFT JOIN pg_am ON pg_am.oid = r.relam LEFT JOIN pg_tablespace t ON t.oid = r.reltablespace
    LEFT JOIN (SELECT p.oid AS parent_id, p.reltablespace AS parent_space, m.amname AS parent_access FROM pg_class p LEFT JOIN pg_am m ON m.oid = p.relam) p ON parent_id = r.parent
  WHERE r.relkind IN ('r', 'p', 'f')
) r LEFT JOIN parents ON inhrelid = r.oid LEFT JOIN setting ON setting.oid = r.oid
UNION ALL
SELECT 'item', 'pg_class'::regclass::oid::text, a.attrelid, a.attnum, a.attname, 0,
  CASE WHEN a.reloftype <> 0 THEN quote_ident(a.attname) || ' WITH OPTIONS' ELSE concat(quote_ident(a.attname), ' ', format_type(atttypid, atttypmod), CASE WHEN attcollation <> typcollation THEN format(' COLLATE %s', attcollation::regcollation) END,
    CASE WHEN attfdwoptions IS NOT NULL THEN (SELECT format(' OPTIONS (%s)', string_agg(format('%I %L', option_name, {option_value}), ', ' ORDER BY option_name)) FROM pg_options_to_table(attfdwoptions)) END) END, NULL,
  CASE WHEN attgenerated = 's' THEN format(' GENERATED ALWAYS AS (%s) STORED', expression)
    WHEN attgenerated = 'v' THEN format(' GENERATED ALWAYS AS (%s)', expression)
    WHEN attidentity <> '' THEN CASE WHEN NOT relispartition THEN concat(' GENERATED ', CASE attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, ' AS IDENTITY',
      ' (' || nullif(concat_ws(' ', CASE WHEN identity.relname <> concat_ws('_', a.relname, a.attname, 'seq') THEN format('SEQUENCE NAME %s', identity.name) END, nullif(options, '')), '') || ')') END
    WHEN expression IS NOT NULL THEN format(CASE WHEN expression ~ {outside_of_b_expr} THEN ' DEFAULT (%s)' ELSE ' DEFAULT %s' END, expression) END,
  CASE WHEN NOT attnotnull OR NOT convalidated OR (NOT conislocal AND NOT is_attached) OR (attidentity <> '' AND NOT relispartition AND (conname IS NULL OR conname = concat_ws('_', a.relname, a.attname, 'not_null'))) THEN NULL
    ELSE concat(CASE WHEN conname <> concat_ws('_', a.relname, a.attname, 'not_null') THEN format(' CONSTRAINT %I', conname) END, ' NOT NULL', CASE WHEN connoinherit THEN ' NO INHERIT' END) END,
  CASE WHEN default_id IS NOT NULL THEN 'pg_attrdef'::regclass::oid::text END, default_id::text,
  CASE WHEN attgenerated = '' AND expression IS NOT NULL THEN format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s;', relation, a.attname, expression) END, NULL
FROM attribute a LEFT JOIN identity USING (attrelid, attnum)
WHERE is_written AND (reloftype = 0 OR expression IS NOT NULL OR (attnotnull AND conislocal IS DISTINCT FROM false))
UNION ALL
-- The NOT NULL of an inherited column, as a constraint of the child; that of another column is part of it.
SELECT 'item', 'pg_class'::regclass::oid::text, attrelid, 2000 + attnum, conname, 0, NULL, NULL,
  CASE WHEN NOT is_written AND conislocal AND convalidated THEN format('CONSTRAINT %I NOT NULL %I%s', conname, attname, CASE WHEN connoinherit THEN ' NO INHERIT' END) END, NULL,
  'pg_constraint'::regclass::oid::text, constraint_id::text, NULL, format('CONSTRAINT %I ON %s', conname, relation)
FROM attribute WHERE relkind <> 'm' AND conname IS NOT NULL AND (convalidated OR NOT conislocal)
UNION ALL
-- Defaults that a child inherits are written only to break a circle.
SELECT 'item', 'pg_class'::regclass::oid::text, attrelid, attnum, attname, 0, NULL, NULL, NULL, NULL, 'pg_attrdef'::regclass::oid::text, default_id::text,
  format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s;', relation, attname, expression), NULL
FROM attribute WHERE NOT is_written AND attgenerated = '' AND default_id IS NOT NULL AND expression IS NOT DISTINCT FROM inherited_expression
UNION ALL
-- Defaults that a child overrides.
SELECT 'object', 'pg_attrdef'::regclass::oid::text, default_id, 5, relation, 2, attname, NULL, NULL, format('ALTER TABLE ONLY %s ALTER COLUMN %I SET DEFAULT %s;', relation, attname, expression), NULL, NULL, NULL, NULL
FROM attribute WHERE NOT is_written AND attgenerated = '' AND default_id IS NOT NULL AND expression IS DISTINCT FROM inherited_expression
UNION ALL
SELECT 'more', 'pg_class'::regclass::oid::text, attrelid, 2, attname, attnum * 10 + number, NULL, attnum::text, NULL, format('ALTER %s %s ALTER COLUMN %I %s;', CASE WHEN number = 3 THEN 'FOREIGN TABLE' ELSE 'TABLE' END, relation, attname, action),
  format('ALTER %s %s ALTER COLUMN %I %s;', CASE WHEN number = 3 THEN 'FOREIGN TABLE' ELSE 'TABLE' END, relation, attname, undo), NULL, NULL, NULL
FROM attribute, LATERAL (
  VALUES (1, CASE WHEN NOT is_written AND relkind <> 'm' AND attgenerated = '' AND expression IS NULL AND inherited_expression IS NOT NULL THEN 'DROP DEFAULT' END, format('SET DEFAULT %s', inherited_expression)),
    (2, CASE WHEN NOT is_written AND relkind <> 'm' AND attnotnull AND conname IS NULL AND NOT inherits_not_null THEN 'SET NOT NULL' END, 'DROP NOT NULL'),
    (4, CASE WHEN attstorage <> usual_storage OR attstorage <> created_storage THEN format('SET STORAGE %s', CASE attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END) END, format('SET STORAGE %s', CASE usual_storage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END)),
    (5, CASE WHEN attcompression <> usual_compression OR attcompression <> created_compression THEN format('SET COMPRESSION %s', CASE attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE 'default' END) END, format('SET COMPRESSION %s', CASE usual_compression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE 'default' END)),
    (6, CASE WHEN attstattarget >= 0 THEN format('SET STATISTICS %s', attstattarget) END, 'SET STATISTICS -1'),
    (7, 'SET (' || array_to_string(attoptions, ', ') || ')', format('RESET (%s)', (SELECT string_agg(split_part(option, '=', 1), ', ') FROM unnest(attoptions) option)))
  UNION ALL
  SELECT 3, format('OPTIONS (%s)', string_agg(format('ADD %I %L', option_name, {option_value}), ', ' ORDER BY option_name)), format('OPTIONS (%s)', string_agg(format('DROP %I', option_name), ', ' ORDER BY option_name))
  FROM pg_options_to_table(attfdwoptions) WHERE NOT is_written AND relkind <> 'm' HAVING count(*) > 0) setting (number, action, undo)
WHERE action IS NOT NULL AND (NOT is_written OR attstorage <> created_storage OR attcompression <> created_compression OR attstorage <> usual_storage OR attcompression <> usual_compression OR attstattarget >= 0 OR attoptions IS NOT NULL)
UNION ALL
SELECT 'more', 'pg_class'::regclass::oid::text, r.oid, 0, r.name, inhseqno, NULL, NULL, NULL, CASE WHEN relispartition THEN format('ALTER TABLE %s ATTACH PARTITION %s %s;', inhparent::regclass, r.name, pg_get_expr(relpartbound, r.oid)) ELSE format('ALTER TABLE %s INHERIT %s;', r.name, inhparent::regclass) END,
  NULL, NULL, NULL, NULL
FROM relation r JOIN attached ON attrelid = r.oid JOIN pg_inherits ON inhrelid = r.oid
UNION ALL
SELECT 'more', 'pg_class'::regclass::oid::text, r.oid, 1, r.name, number, NULL, NULL, NULL, format('ALTER TABLE %s %s;', r.name, action), format('ALTER TABLE %s %s;', r.name, undo), NULL, NULL, NULL
FROM relation r, LATERAL (VALUES (1, CASE WHEN relrowsecurity THEN 'ENABLE ROW LEVEL SECURITY' END, 'DISABLE ROW LEVEL SECURITY'), (2, CASE WHEN relforcerowsecurity THEN 'FORCE ROW LEVEL SECURITY' END, 'NO FORCE ROW LEVEL SECURITY'),
  (3, CASE relreplident WHEN 'f' THEN 'REPLICA IDENTITY FULL' WHEN 'n' THEN 'REPLICA IDENTITY NOTHING' END, 'REPLICA IDENTITY DEFAULT')) setting (number, action, undo)
WHERE relkind IN ('r', 'p', 'm') AND action IS NOT NULL
UNION ALL
-- Constraints that are part of CREATE TABLE. A foreign key may need a table that is created later, NOT VALID is not possible there,
-- and of several keys with the same columns only one would be created.
SELECT 'item', 'pg_class'::regclass::oid::text, conrelid, 5000 + CASE WHEN contype = 'p' THEN 0 ELSE 1 END, conname, 0, NULL, NULL, format('CONSTRAINT %I %s', conname, definition), NULL, 'pg_constraint'::regclass::oid::text, k.oid::text,
  CASE WHEN contype = 'c' THEN format('ALTER TABLE %s ADD CONSTRAINT %I %s;', name, conname, definition) END, format('CONSTRAINT %I ON %s', conname, name)
FROM restriction k WHERE is_inline
UNION ALL
SELECT 'object', 'pg_constraint'::regclass::oid::text, k.oid, 5, name, CASE contype WHEN 'f' THEN 3 ELSE 2 END, conname, format('CONSTRAINT %I ON %s', conname, name), NULL,
  format('ALTER TABLE %s%s ADD CONSTRAINT %I %s;', CASE WHEN contype IN ('p', 'u') THEN 'ONLY ' END, name, conname, definition), NULL, NULL, NULL, NULL
FROM restriction k WHERE NOT is_inline
