-- Languages, access methods and transforms.
SELECT 'object', 'pg_language'::regclass::oid, oid, 2, lanname, 0, '', format('LANGUAGE %I', lanname), nullif(lanowner, {migrator})::regrole,
  concat('CREATE', CASE WHEN lanpltrusted THEN ' TRUSTED' END, format(' LANGUAGE %I HANDLER %s', lanname, lanplcallfoid::regproc),
    CASE WHEN laninline <> 0 THEN format(' INLINE %s', laninline::regproc) END,
    CASE WHEN lanvalidator <> 0 THEN format(' VALIDATOR %s', lanvalidator::regproc) END, ';')
FROM pg_language l
WHERE oid >= 16384 AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_language'::regclass AND objid = l.oid)
UNION ALL
SELECT 'object', 'pg_am'::regclass::oid, oid, 2, amname, 0, '', format('ACCESS METHOD %I', amname), NULL,
  format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s;', amname, CASE amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, amhandler::regproc)
FROM pg_am a
WHERE oid >= 16384 AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_am'::regclass AND objid = a.oid)
UNION ALL
SELECT 'object', 'pg_transform'::regclass::oid, t.oid, 3, format('%s %s', lanname, trftype::regtype), 0, '',
  format('TRANSFORM FOR %s LANGUAGE %I', trftype::regtype, lanname), NULL,
  format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s);', trftype::regtype, lanname, concat_ws(', ',
    CASE WHEN trffromsql <> 0 THEN format('FROM SQL WITH FUNCTION %s', trffromsql::regprocedure) END,
    CASE WHEN trftosql <> 0 THEN format('TO SQL WITH FUNCTION %s', trftosql::regprocedure) END))
FROM pg_transform t JOIN pg_language l ON l.oid = trflang
WHERE t.oid >= 16384 AND NOT EXISTS (SELECT FROM member WHERE classid = 'pg_transform'::regclass AND objid = t.oid)
