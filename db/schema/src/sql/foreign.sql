-- Foreign-data wrappers, servers and user mappings. Options of a user mapping are visible only to its owner.
SELECT 'object', 'pg_foreign_data_wrapper'::regclass::oid, oid, 4, fdwname::text, 0, '', format('FOREIGN DATA WRAPPER %I', fdwname), nullif(fdwowner, {migrator})::regrole::text,
  concat(format('CREATE FOREIGN DATA WRAPPER %I', fdwname), CASE WHEN fdwhandler <> 0 THEN format(' HANDLER %s', fdwhandler::regproc) END, CASE WHEN fdwvalidator <> 0 THEN format(' VALIDATOR %s', fdwvalidator::regproc) END,
    (SELECT format(' OPTIONS (%s)', string_agg(format('%I %L', option_name, {option_value}), ', ' ORDER BY option_name)) FROM pg_options_to_table(fdwoptions) HAVING count(*) > 0), ';')
FROM pg_foreign_data_wrapper w WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_foreign_data_wrapper'::regclass AND objid = w.oid)
UNION ALL
SELECT 'object', 'pg_foreign_server'::regclass::oid, s.oid, 4, srvname::text, 1, '', format('SERVER %I', srvname), nullif(srvowner, {migrator})::regrole::text,
  concat(format('CREATE SERVER %I', srvname), ' TYPE ' || quote_literal(srvtype), ' VERSION ' || quote_literal(srvversion), format(' FOREIGN DATA WRAPPER %I', fdwname),
    (SELECT format(' OPTIONS (%s)', string_agg(format('%I %L', option_name, {option_value}), ', ' ORDER BY option_name)) FROM pg_options_to_table(srvoptions) HAVING count(*) > 0), ';')
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = srvfdw WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_foreign_server'::regclass AND objid = s.oid)
UNION ALL
SELECT 'object', 'pg_user_mapping'::regclass::oid, umid, 4, srvname::text, 2, usename::text, NULL, NULL,
  concat(format('CREATE USER MAPPING FOR %s SERVER %I', CASE umuser WHEN 0 THEN 'PUBLIC' ELSE umuser::regrole::text END, srvname),
    (SELECT format(' OPTIONS (%s)', string_agg(format('%I %L', option_name, {option_value}), ', ' ORDER BY option_name)) FROM pg_options_to_table(umoptions) HAVING count(*) > 0), ';')
FROM pg_user_mappings
