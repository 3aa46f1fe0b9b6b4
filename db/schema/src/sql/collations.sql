-- Collations and conversions. The names of some columns depend on the version of the server.
SELECT 'object', 'pg_collation'::regclass::oid, c.oid, 2, c.oid::regcollation::text, 0, '', format('COLLATION %s', c.oid::regcollation), nullif(collowner, {migrator})::regrole,
  -- Only a copy of one of these is for every encoding.
  CASE WHEN collprovider = 'c' AND collencoding = -1 AND collcollate = collctype AND collcollate IN ('C', 'POSIX') THEN format('CREATE COLLATION %s FROM pg_catalog.%I;', c.oid::regcollation, collcollate) ELSE
  format('CREATE COLLATION %s (PROVIDER = %s%s%s%s);', c.oid::regcollation, CASE collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'd' THEN 'default' ELSE 'libc' END,
    CASE WHEN collprovider = 'c' AND collcollate <> collctype THEN format(', LC_COLLATE = %L, LC_CTYPE = %L', collcollate, collctype)
      ELSE format(', LOCALE = %L', coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', collcollate::text)) END,
    ', RULES = ' || quote_literal(to_jsonb(c) ->> 'collicurules'), CASE WHEN NOT collisdeterministic THEN ', DETERMINISTIC = false' END) END
FROM pg_collation c JOIN own ON own.oid = collnamespace
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_collation'::regclass AND objid = c.oid)
UNION ALL
SELECT 'object', 'pg_conversion'::regclass::oid, c.oid, 3, format('%I.%I', nspname, conname), 0, '', format('CONVERSION %I.%I', nspname, conname), nullif(conowner, {migrator})::regrole,
  format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s;', CASE WHEN condefault THEN 'DEFAULT ' END, nspname, conname, pg_encoding_to_char(conforencoding), pg_encoding_to_char(contoencoding), conproc::regproc)
FROM pg_conversion c JOIN own ON own.oid = connamespace
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_conversion'::regclass AND objid = c.oid)
