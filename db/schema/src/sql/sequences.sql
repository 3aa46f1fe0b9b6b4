-- Sequences, with the column that each belongs to.
SELECT 'sequence', seqrelid, seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle, CASE WHEN current_setting('server_version_num')::int >= 150000 THEN relpersistence END, d.refobjid, d.refobjsubid, d.deptype = 'i', s.name, s.relname, nullif(relowner, {migrator})::regrole
FROM pg_sequence JOIN relation s ON s.oid = seqrelid
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = seqrelid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
