-- Functions, procedures, aggregates and casts.
, routine AS MATERIALIZED (
  SELECT p.*, p.oid::regprocedure::text AS signature, CASE prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END AS kind
  FROM pg_proc p JOIN own ON own.oid = pronamespace
  WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_proc'::regclass AND objid = p.oid)
)
SELECT 'object', 'pg_proc'::regclass::oid, oid, 3, signature, 0, '', format('%s %s', kind, CASE WHEN prokind = 'a' AND pronargs = 0 THEN regexp_replace(signature, '\(\)$', '(*)') ELSE signature END), nullif(proowner, {migrator})::regrole::text,
  CASE WHEN prokind <> 'a' THEN trim(trailing E'\n' from pg_get_functiondef(oid)) || ';' ELSE concat(
    format('CREATE AGGREGATE %s(%s) (SFUNC = %s, STYPE = %s', oid::regproc, CASE WHEN pronargs = 0 THEN '*' ELSE pg_get_function_arguments(oid) END, aggtransfn, format_type(aggtranstype, NULL)),
    CASE WHEN aggtransspace <> 0 THEN format(', SSPACE = %s', aggtransspace) END,
    CASE WHEN aggfinalfn <> 0 THEN format(', FINALFUNC = %s', aggfinalfn) END, CASE WHEN aggfinalextra THEN ', FINALFUNC_EXTRA' END,
    CASE WHEN aggfinalmodify <> usual_modify THEN format(', FINALFUNC_MODIFY = %s', CASE aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END) END,
    CASE WHEN aggcombinefn <> 0 THEN format(', COMBINEFUNC = %s', aggcombinefn) END,
    CASE WHEN aggserialfn <> 0 THEN format(', SERIALFUNC = %s', aggserialfn) END, CASE WHEN aggdeserialfn <> 0 THEN format(', DESERIALFUNC = %s', aggdeserialfn) END,
    ', INITCOND = ' || quote_literal(agginitval),
    CASE WHEN aggmtransfn <> 0 THEN format(', MSFUNC = %s, MINVFUNC = %s, MSTYPE = %s', aggmtransfn, aggminvtransfn, format_type(aggmtranstype, NULL)) END,
    CASE WHEN aggmtransspace <> 0 THEN format(', MSSPACE = %s', aggmtransspace) END,
    CASE WHEN aggmfinalfn <> 0 THEN format(', MFINALFUNC = %s', aggmfinalfn) END, CASE WHEN aggmfinalextra THEN ', MFINALFUNC_EXTRA' END,
    CASE WHEN aggmtransfn <> 0 AND aggmfinalmodify <> usual_modify THEN format(', MFINALFUNC_MODIFY = %s', CASE aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END) END,
    ', MINITCOND = ' || quote_literal(aggminitval), CASE WHEN aggsortop <> 0 THEN format(', SORTOP = OPERATOR(%s.%s)', oprnamespace::regnamespace, oprname) END,
    CASE WHEN aggkind = 'h' THEN ', HYPOTHETICAL' END, CASE proparallel WHEN 's' THEN ', PARALLEL = SAFE' WHEN 'r' THEN ', PARALLEL = RESTRICTED' END, ');') END
FROM routine LEFT JOIN pg_aggregate ON aggfnoid = routine.oid LEFT JOIN (SELECT oid AS operator, oprname, oprnamespace FROM pg_operator) o ON operator = aggsortop,
  LATERAL (SELECT CASE WHEN aggkind = 'n' THEN 'r' ELSE 'w' END AS usual_modify) usual
UNION ALL
SELECT 'object', 'pg_cast'::regclass::oid, oid, 3, format('%s AS %s', castsource::regtype, casttarget::regtype), 0, '', format('CAST (%s AS %s)', castsource::regtype, casttarget::regtype), NULL,
  format('CREATE CAST (%s AS %s) %s%s;', castsource::regtype, casttarget::regtype,
    CASE castmethod WHEN 'f' THEN format('WITH FUNCTION %s', castfunc::regprocedure) WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
    CASE castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END)
FROM pg_cast WHERE oid >= 16384 AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_cast'::regclass AND objid = pg_cast.oid)
