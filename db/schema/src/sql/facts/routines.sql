-- Functions and procedures, also those created with a range type: what CREATE OR REPLACE cannot change, and the body, if it is text.
SELECT 'routine', p.oid, prokind, coalesce(pg_get_function_result(p.oid), ''), proargnames, pronargdefaults, lanname,
  CASE WHEN to_jsonb(p) ->> 'prosqlbody' IS NULL THEN prosrc END, p.oid::regprocedure, array_to_string(coalesce(proargmodes::text[], '{}'), ''), own.nspname,
  proallargtypes::regtype[]
FROM pg_proc p JOIN own ON own.oid = pronamespace JOIN pg_language l ON l.oid = prolang
WHERE NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
