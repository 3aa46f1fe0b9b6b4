SELECT 'policy', p.oid, r.oid, quote_ident(polname), polpermissive, polcmd, (SELECT string_agg(CASE WHEN role = 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ' ORDER BY role::regrole::text) FROM unnest(polroles) role),
  pg_get_expr(polqual, polrelid, true), pg_get_expr(polwithcheck, polrelid, true)
FROM pg_policy p JOIN relation r ON r.oid = polrelid
