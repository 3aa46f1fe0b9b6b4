-- Functions, procedures, aggregates and casts. For a diff also the functions that construct ranges, and all casts.
, routine AS MATERIALIZED (
  SELECT p.*, own.nspname, EXISTS (SELECT FROM member WHERE classid = 'pg_proc'::regclass AND objid = p.oid) AS is_member
  FROM pg_proc p JOIN own ON own.oid = pronamespace
  WHERE NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
)
SELECT 'routine', p.oid::text, prokind::text, p.oid::regprocedure::text, proname::text, nspname::text, nullif(proowner, {migrator})::regrole::text,
  CASE WHEN prokind <> 'a' AND NOT is_member THEN pg_get_functiondef(p.oid) END,
  CASE WHEN prokind = 'a' THEN (
    SELECT ARRAY[p.oid::regproc::text, CASE WHEN pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END,
      aggtransfn::text, NULL, format_type(aggtranstype, NULL), nullif(aggtransspace, 0)::text, nullif(aggfinalfn::oid, 0)::regproc::text, aggfinalextra::text, nullif(aggfinalmodify, usual_modify)::text, quote_literal(agginitval),
      nullif(aggmtransfn::oid, 0)::regproc::text, nullif(aggminvtransfn::oid, 0)::regproc::text, format_type(aggmtranstype, NULL), nullif(aggmtransspace, 0)::text, nullif(aggmfinalfn::oid, 0)::regproc::text, aggmfinalextra::text, nullif(aggmfinalmodify, usual_modify)::text, quote_literal(aggminitval),
      nullif(aggcombinefn::oid, 0)::regproc::text, nullif(aggserialfn::oid, 0)::regproc::text, nullif(aggdeserialfn::oid, 0)::regproc::text,
      (SELECT format('%s.%s', oprnamespace::regnamespace, oprname) FROM pg_operator o WHERE o.oid = aggsortop), (aggkind = 'h')::text, proparallel::text]
    FROM pg_aggregate, LATERAL (SELECT CASE WHEN aggkind = 'n' THEN 'r' ELSE 'w' END::"char" AS usual_modify) usual WHERE aggfnoid = p.oid) END::text,
  CASE WHEN {for_diff} THEN pg_get_function_result(p.oid) END, CASE WHEN {for_diff} THEN proargnames END::text, CASE WHEN {for_diff} THEN array_to_string(proargmodes::text[], '') END,
  CASE WHEN {for_diff} THEN proallargtypes::regtype[] END::text, pronargdefaults::text, lanname::text, CASE WHEN {for_diff} AND to_jsonb(p) ->> 'prosqlbody' IS NULL THEN prosrc END,
  {for_diff} AND EXISTS (SELECT FROM pg_proc other WHERE other.proname = p.proname AND other.pronamespace = 'pg_catalog'::regnamespace)
FROM routine p JOIN pg_language l ON l.oid = prolang WHERE {for_diff} OR NOT is_member
UNION ALL
SELECT 'cast', castsource::regtype::text, casttarget::regtype::text, c.oid::text, nullif(castfunc, 0)::regprocedure::text, castmethod::text, castcontext::text, is_written::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM pg_cast c, LATERAL (SELECT c.oid >= 16384 AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_cast'::regclass AND objid = c.oid) AS is_written) one WHERE {for_diff} OR is_written
