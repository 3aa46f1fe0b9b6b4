-- The given objects and their dependents: class, oid, type, identity, description, whether it is one of the given
-- objects, which of all these it depends on, and whether it is a part of one of them. A rule counts as its view, and a
-- row type as its relation.
WITH RECURSIVE edge (class, oid, ref_class, ref_oid) AS MATERIALIZED (
  SELECT DISTINCT
    CASE WHEN r.oid IS NOT NULL OR own.relation IS NOT NULL THEN 'pg_class'::regclass::oid ELSE classid END,
    coalesce(r.ev_class, own.relation, objid),
    CASE WHEN other.relation IS NOT NULL THEN 'pg_class'::regclass::oid ELSE refclassid END,
    coalesce(other.relation, refobjid)
  FROM pg_depend
    LEFT JOIN pg_rewrite r ON classid = 'pg_rewrite'::regclass AND r.oid = objid
    LEFT JOIN row_type own ON classid = 'pg_type'::regclass AND own.oid = objid
    LEFT JOIN row_type other ON refclassid = 'pg_type'::regclass AND other.oid = refobjid
  WHERE refobjid >= 16384 AND deptype IN ('n', 'a', 'i', 'P', 'S')
), row_type (oid, relation) AS (
  SELECT t.oid, coalesce(nullif(t.typrelid, 0), e.typrelid)
  FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem
  WHERE t.typrelid <> 0 OR e.typrelid <> 0
), dependent (class, oid) AS (
  {start}
  UNION
  SELECT edge.class, edge.oid FROM edge JOIN dependent d ON ref_class = d.class AND ref_oid = d.oid
)
SELECT d.class::regclass, d.oid, type, identity, pg_describe_object(d.class, d.oid, 0), (d.class, d.oid) IN ({start}), (
  SELECT string_agg(format('%s %s', ref_class::regclass, ref_oid), ',')
  FROM edge JOIN dependent r ON ref_class = r.class AND ref_oid = r.oid
  WHERE edge.class = d.class AND edge.oid = d.oid AND (ref_class, ref_oid) <> (d.class, d.oid)
), EXISTS (
  SELECT FROM pg_depend i JOIN dependent r ON i.refclassid = r.class AND i.refobjid = r.oid
  WHERE i.classid = d.class AND i.objid = d.oid AND i.deptype = 'i'
)
FROM dependent d, pg_identify_object(d.class, d.oid, 0)
WHERE identity IS NOT NULL
ORDER BY d.class, d.oid
