-- Languages, access methods and transforms.
SELECT 'language', oid::text, quote_ident(lanname), nullif(lanowner, {migrator})::regrole::text, lanpltrusted::text, lanplcallfoid::regproc::text,
  nullif(laninline, 0)::regproc::text, nullif(lanvalidator, 0)::regproc::text
FROM pg_language l
WHERE oid >= 16384 AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_language'::regclass AND objid = l.oid)
UNION ALL
SELECT 'access method', oid::text, quote_ident(amname), (amtype = 't')::text, amhandler::regproc::text, NULL, NULL, NULL
FROM pg_am a
WHERE oid >= 16384 AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_am'::regclass AND objid = a.oid)
UNION ALL
SELECT 'transform', t.oid::text, quote_ident(lanname), trftype::regtype::text, nullif(trffromsql::oid, 0)::regprocedure::text, nullif(trftosql::oid, 0)::regprocedure::text, NULL, NULL
FROM pg_transform t JOIN pg_language l ON l.oid = trflang
WHERE t.oid >= 16384 AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_transform'::regclass AND objid = t.oid)
