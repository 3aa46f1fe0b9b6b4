-- What is created first, mostly from pg_depend: (catalog, OID) needs (catalog, OID). `part`: an object that is written as part of
-- another, such as an index as part of its constraint or an array type as part of its element type. `soft`: an order preferred
-- for readability.
, partition AS MATERIALIZED (
  SELECT inhrelid AS child, inhparent AS parent, relkind FROM pg_inherits JOIN pg_class ON oid = inhparent WHERE relkind IN ('p', 'I')
),
-- Partitioned indexes and the constraints that they belong to.
whole AS MATERIALIZED (
  SELECT 'pg_class'::regclass::oid AS class, parent AS id, child FROM partition WHERE relkind = 'I'
  UNION ALL
  SELECT 'pg_constraint'::regclass::oid, k.oid, child FROM partition JOIN pg_constraint k ON conindid = parent AND contype IN ('p', 'u', 'x') WHERE relkind = 'I'
),
-- Functions that a type needs use its shell.
support AS MATERIALIZED (
  SELECT objid AS type, refobjid AS function FROM pg_depend WHERE classid = 'pg_type'::regclass AND refclassid = 'pg_proc'::regclass AND deptype = 'n'
),
edge (tag, class, id, refclass, refid) AS (
  SELECT 'needs', classid::text, objid, refclassid::text, refobjid FROM pg_depend d
  WHERE objid >= 16384 AND refobjid >= 16384 AND deptype IN ('n', 'a', 'i', 'P')
    -- A type of a table, an array or a multirange is written with it; the triggers of a foreign key and TOAST tables are not written.
    AND NOT (deptype = 'i' AND (classid IN ('pg_type'::regclass, 'pg_trigger'::regclass) OR (classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjsubid = 0)))
    -- A key or index of a partition is created before it is attached.
    AND NOT (deptype = 'P' AND classid IN ('pg_class'::regclass, 'pg_constraint'::regclass))
    -- A column needs its sequence and not the reverse.
    AND NOT (deptype = 'a' AND classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class WHERE oid = objid AND relkind = 'S'))
    AND NOT (classid = 'pg_proc'::regclass AND refclassid = 'pg_type'::regclass AND EXISTS (SELECT FROM support JOIN pg_type t ON t.oid = type WHERE function = objid AND refobjid IN (t.oid, t.typarray)))
  UNION ALL
  SELECT 'needs', refclassid::text, refobjid, classid::text, objid FROM pg_depend
  WHERE deptype = 'a' AND classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjsubid > 0 AND EXISTS (SELECT FROM pg_class WHERE oid = objid AND relkind = 'S')
  UNION ALL
  SELECT 'needs', 'pg_proc'::regclass::oid::text, function, 'shell', type FROM support JOIN pg_depend d ON classid = 'pg_proc'::regclass AND objid = function AND refclassid = 'pg_type'::regclass AND refobjid = type
  UNION ALL
  SELECT 'needs', 'pg_type'::regclass::oid::text, oid, 'shell', oid FROM pg_type WHERE oid >= 16384 AND typtype IN ('b', 'r') AND oid NOT IN (SELECT typarray FROM pg_type)
  UNION ALL
  -- An operator creates the shell of one that it names and that is not there.
  SELECT 'needs', 'pg_operator'::regclass::oid::text, o.oid, 'pg_operator'::regclass::oid::text, shell.oid
  FROM pg_operator o JOIN pg_operator shell ON shell.oid IN (o.oprcom, o.oprnegate) WHERE o.oid >= 16384 AND o.oprcode <> 0 AND shell.oprcode = 0
  UNION ALL
  SELECT 'needs', 'loose', oid, 'pg_opfamily'::regclass::oid::text, oid FROM pg_opfamily WHERE oid >= 16384
  UNION ALL
  -- An index or key of a partitioned table would also be created in its partitions.
  SELECT 'needs', CASE WHEN k.oid IS NULL THEN 'pg_class'::regclass ELSE 'pg_constraint'::regclass END::oid::text, coalesce(k.oid, indexrelid), 'pg_class'::regclass::oid::text, child
  FROM partition JOIN pg_index ON indrelid = parent LEFT JOIN pg_constraint k ON k.conindid = indexrelid AND contype IN ('p', 'u', 'x') WHERE relkind = 'p'
  UNION ALL
  SELECT 'needs', 'attached', child, 'pg_class'::regclass::oid::text, unnest(ARRAY[child, parent]) FROM partition WHERE relkind = 'I'
  UNION ALL
  SELECT 'needs', 'attached', upper.child, 'attached', lower.child FROM partition upper JOIN partition lower ON lower.parent = upper.child WHERE upper.relkind = 'I'
  UNION ALL
  -- What needs a partitioned index needs a complete one.
  SELECT 'needs', classid::text, objid, 'attached', child FROM pg_depend JOIN whole ON (class, whole.id) = (refclassid, refobjid)
  WHERE classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass) OR (classid = 'pg_constraint'::regclass AND EXISTS (SELECT FROM pg_constraint WHERE oid = objid AND contype = 'f'))
  UNION ALL
  SELECT 'needs', 'marked', indexrelid, 'pg_class'::regclass::oid::text, indexrelid FROM pg_index WHERE indisclustered OR indisreplident
  UNION ALL
  SELECT 'needs', 'marked', indexrelid, 'attached', child FROM pg_index JOIN partition ON parent = indexrelid WHERE indisreplident
  UNION ALL
  -- A child inherits the default of its parent.
  SELECT 'needs', 'pg_attrdef'::regclass::oid::text, d.oid, 'pg_attrdef'::regclass::oid::text, inherited.oid
  FROM pg_inherits JOIN pg_attrdef d ON d.adrelid = inhrelid JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    JOIN pg_attribute above ON above.attrelid = inhparent AND above.attname = a.attname JOIN pg_attrdef inherited ON inherited.adrelid = inhparent AND inherited.adnum = above.attnum
  UNION ALL
  SELECT 'soft', 'pg_class'::regclass::oid::text, conrelid, 'pg_class'::regclass::oid::text, confrelid FROM pg_constraint WHERE contype = 'f'
  UNION ALL
  SELECT 'part', 'pg_rewrite'::regclass::oid::text, oid, 'view', ev_class FROM pg_rewrite WHERE rulename = '_RETURN' AND oid >= 16384
  UNION ALL
  SELECT 'part', 'view', oid, 'pg_class'::regclass::oid::text, oid FROM pg_class WHERE relkind IN ('v', 'm') AND oid >= 16384
  UNION ALL
  SELECT 'part', 'pg_publication_rel'::regclass::oid::text, oid, 'pg_publication'::regclass::oid::text, prpubid FROM pg_publication_rel
  UNION ALL
  SELECT 'part', 'pg_class'::regclass::oid::text, oid, 'pg_type'::regclass::oid::text, reltype FROM pg_class WHERE relkind = 'c' AND oid >= 16384
  UNION ALL
  SELECT 'part', 'pg_type'::regclass::oid::text, reltype, 'pg_class'::regclass::oid::text, oid FROM pg_class WHERE relkind <> 'c' AND reltype <> 0 AND oid >= 16384
  UNION ALL
  SELECT 'part', 'pg_type'::regclass::oid::text, typarray, 'pg_type'::regclass::oid::text, oid FROM pg_type WHERE typarray <> 0 AND oid >= 16384
  UNION ALL
  SELECT 'part', 'pg_type'::regclass::oid::text, rngmultitypid, 'pg_type'::regclass::oid::text, rngtypid FROM pg_range WHERE rngtypid >= 16384
  UNION ALL
  SELECT 'part', classid::text, objid, CASE WHEN refclassid = 'pg_opfamily'::regclass THEN 'loose' ELSE refclassid::text END, refobjid
  FROM pg_depend WHERE classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass) AND refclassid IN ('pg_opclass'::regclass, 'pg_opfamily'::regclass) AND objid >= 16384
  UNION ALL
  -- Functions that come with a range type.
  SELECT 'part', classid::text, objid, refclassid::text, refobjid FROM pg_depend WHERE deptype = 'i' AND classid = 'pg_proc'::regclass AND refclassid = 'pg_type'::regclass
  UNION ALL
  SELECT 'part', classid::text, objid, refclassid::text, refobjid FROM pg_depend WHERE deptype = 'e'
)
SELECT tag, class, id, refclass, refid FROM edge
