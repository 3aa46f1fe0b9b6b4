-- Foreign-data wrappers, servers and user mappings. Options of a user mapping are visible only to its owner.
, option (kind, oid, list) AS MATERIALIZED (
  SELECT kind, oid, array_agg(part ORDER BY option_name, place)
  FROM (SELECT 'wrapper', oid, fdwoptions FROM pg_foreign_data_wrapper UNION ALL SELECT 'server', oid, srvoptions FROM pg_foreign_server UNION ALL SELECT 'mapping', umid, umoptions FROM pg_user_mappings) one (kind, oid, options),
    pg_options_to_table(options), LATERAL (VALUES (1, quote_ident(option_name)), (2, quote_nullable({option_value}))) half (place, part)
  GROUP BY 1, 2
)
SELECT 'wrapper', w.oid::text, list::text, quote_ident(fdwname), nullif(fdwowner, {migrator})::regrole::text, nullif(fdwhandler, 0)::regproc::text, nullif(fdwvalidator, 0)::regproc::text, NULL
FROM pg_foreign_data_wrapper w LEFT JOIN option o ON kind = 'wrapper' AND o.oid = w.oid WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_foreign_data_wrapper'::regclass AND objid = w.oid)
UNION ALL
SELECT 'server', s.oid::text, list::text, quote_ident(srvname), nullif(srvowner, {migrator})::regrole::text, quote_literal(srvtype), quote_literal(srvversion), quote_ident(fdwname)
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = srvfdw LEFT JOIN option o ON kind = 'server' AND o.oid = s.oid WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_foreign_server'::regclass AND objid = s.oid)
UNION ALL
SELECT 'user mapping', umid::text, list::text, quote_ident(srvname), CASE umuser WHEN 0 THEN 'PUBLIC' ELSE umuser::regrole::text END, usename::text, NULL, NULL
FROM pg_user_mappings LEFT JOIN option o ON kind = 'mapping' AND o.oid = umid
