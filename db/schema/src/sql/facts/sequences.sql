-- Sequences. `owner`: the column that it belongs to. `usual_…`: the limits that its type and direction give it.
SELECT 'sequence', 'pg_class'::regclass::oid, seqrelid, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle, relpersistence, d.refobjid, d.refobjsubid, d.deptype, s.oid::regclass,
  seqmin = CASE WHEN seqincrement > 0 THEN 1 ELSE least END, seqmax = CASE WHEN seqincrement > 0 THEN most ELSE -1 END
FROM pg_sequence JOIN relation s ON s.oid = seqrelid LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = seqrelid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'),
  LATERAL (SELECT
    CASE seqtypid WHEN 'int2'::regtype THEN 32767 WHEN 'int4'::regtype THEN 2147483647 ELSE 9223372036854775807 END AS most,
    CASE seqtypid WHEN 'int2'::regtype THEN -32768 WHEN 'int4'::regtype THEN -2147483648 ELSE -9223372036854775808 END AS least) limits
