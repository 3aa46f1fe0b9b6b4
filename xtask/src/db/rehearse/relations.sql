-- Every relation of users before a rehearsal: OID, name, kind, file node, the table of an index, whether it is the engine's, and the last value of a sequence. `{own}` is the OIDs of the engine's tables, NULL for
-- one that does not exist.
SELECT c.oid, CASE WHEN nspname = 'public' THEN quote_ident(relname) ELSE format('%I.%I', nspname, relname) END,
  relkind, relfilenode, coalesce(indrelid, 0),
  coalesce(c.oid IN ({own}), false) OR coalesce(indrelid IN ({own}), false) OR EXISTS (
    SELECT FROM pg_depend
    WHERE classid = 'pg_class'::regclass AND objid = c.oid AND refclassid = 'pg_class'::regclass AND refobjid IN ({own})),
  CASE WHEN relkind = 'S' THEN pg_sequence_last_value(c.oid) END
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace LEFT JOIN pg_index ON indexrelid = c.oid
WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
