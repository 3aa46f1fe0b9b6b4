-- What depends on what, down to columns. `kind`: that of pg_depend. The rule of a view is the view, the type of a table the table, and a member of an extension the extension.
, own_type AS (SELECT typarray AS oid, oid AS element FROM pg_type WHERE typarray <> 0 UNION ALL SELECT rngmultitypid, rngtypid FROM pg_range),
node AS (
  SELECT 'pg_rewrite'::regclass::oid AS class, oid, 'pg_class'::regclass::oid AS now_class, ev_class AS now_oid FROM pg_rewrite WHERE rulename = '_RETURN'
  UNION ALL SELECT 'pg_type'::regclass, t.oid, CASE WHEN c.oid IS NULL THEN 'pg_type'::regclass ELSE 'pg_class'::regclass END, coalesce(c.oid, element)
    FROM own_type t LEFT JOIN pg_class c ON reltype = element AND relkind <> 'c'
  UNION ALL SELECT 'pg_type'::regclass, reltype, 'pg_class'::regclass, oid FROM pg_class WHERE reltype <> 0 AND relkind <> 'c'
  UNION ALL SELECT 'pg_class'::regclass, oid, 'pg_type'::regclass, reltype FROM pg_class WHERE relkind = 'c'
  UNION ALL SELECT classid, objid, refclassid, refobjid FROM pg_depend WHERE deptype = 'e'
  UNION ALL SELECT 'pg_publication_rel'::regclass, oid, 'pg_publication'::regclass, prpubid FROM pg_publication_rel
)
SELECT 'dependency', coalesce(one.now_class, classid), coalesce(one.now_oid, objid), objsubid, coalesce(two.now_class, refclassid), coalesce(two.now_oid, refobjid), refobjsubid,
  -- A publication stays without a table that is dropped.
  CASE WHEN one.now_class = 'pg_publication'::regclass THEN 'n'
    -- A column that an exclusion constraint has in an expression or its condition is not dropped before the constraint.
    WHEN refobjsubid > 0 AND classid = 'pg_class'::regclass AND objid IN (SELECT conindid FROM pg_constraint WHERE contype = 'x') THEN 'n'
    ELSE deptype END
FROM pg_depend LEFT JOIN node one ON one.class = classid AND one.oid = objid LEFT JOIN node two ON two.class = refclassid AND two.oid = refobjid
WHERE objid >= 16384 AND refobjid >= 16384 AND deptype IN ('n', 'a', 'i', 'P', 'S')
  AND (coalesce(one.now_class, classid), coalesce(one.now_oid, objid)) <> (coalesce(two.now_class, refclassid), coalesce(two.now_oid, refobjid))
  OR (classid, refclassid) = ('pg_class'::regclass, 'pg_class'::regclass) AND objid = refobjid AND objid >= 16384
