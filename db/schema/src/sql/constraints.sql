-- The constraints of tables and domains, except NOT NULL. `inherited`: comes with a constraint of a parent.
SELECT 'constraint', k.oid, CASE WHEN contypid <> 0 THEN 'pg_type'::regclass ELSE 'pg_class'::regclass END::oid, CASE WHEN contypid <> 0 THEN contypid ELSE conrelid END,
  quote_ident(conname), contype,
  -- A dump does not have what comes with a constraint of a partitioned table.
  CASE WHEN {for_diff} OR conparentid = 0 OR contype IN ('p', 'u') THEN
    -- The options of the index of a partitioned table can't be set apart from it.
    CASE WHEN contype IN ('p', 'u') AND above.reloptions IS NOT NULL
      THEN regexp_replace(pg_get_constraintdef(k.oid, true), '( NOT DEFERRABLE| DEFERRABLE( INITIALLY DEFERRED)?)?$', format(E' WITH (%s)\\1', array_to_string(above.reloptions, ', ')))
      ELSE pg_get_constraintdef(k.oid, true) END END,
  convalidated, NOT conislocal OR conparentid <> 0 AS inherited, conparentid, conkey,
  contype = 'x' AND EXISTS (SELECT FROM pg_inherits WHERE inhparent = conrelid) AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = conindid)
    AND above.oid IS NOT NULL AS is_alone,
  CASE WHEN {for_diff} THEN ARRAY[condeferrable::text, condeferred::text, conindid::text, confrelid::text, confkey::text] END
FROM pg_constraint k LEFT JOIN relation r ON r.oid = conrelid LEFT JOIN pg_type t ON t.oid = contypid LEFT JOIN own ON own.oid = t.typnamespace
  LEFT JOIN pg_class above ON above.oid = conindid AND above.relkind = 'I'
WHERE contype IN ('c', 'p', 'u', 'f', 'x') AND (r.oid IS NOT NULL OR own.oid IS NOT NULL)
