-- Collations and conversions. The names of some columns depend on the version of the server.
SELECT 'collation', c.oid::text, c.oid::regcollation::text, nullif(collowner, {migrator})::regrole::text,
  -- Only a copy of one of these is for every encoding.
  CASE WHEN collprovider = 'c' AND collencoding = -1 AND collcollate = collctype AND collcollate IN ('C', 'POSIX') THEN quote_ident(collcollate) END,
  collprovider::text, CASE WHEN collprovider = 'c' AND collcollate <> collctype THEN NULL ELSE quote_literal(coalesce(to_jsonb(c) ->> 'colllocale', to_jsonb(c) ->> 'colliculocale', collcollate::text)) END,
  quote_literal(collcollate::text), quote_literal(collctype::text), quote_literal(to_jsonb(c) ->> 'collicurules'), collisdeterministic::text
FROM pg_collation c JOIN own ON own.oid = collnamespace
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_collation'::regclass AND objid = c.oid)
UNION ALL
SELECT 'conversion', c.oid::text, format('%I.%I', nspname, conname), nullif(conowner, {migrator})::regrole::text,
  condefault::text, quote_literal(pg_encoding_to_char(conforencoding)::text), quote_literal(pg_encoding_to_char(contoencoding)::text), conproc::regproc::text, NULL, NULL, NULL
FROM pg_conversion c JOIN own ON own.oid = connamespace
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_conversion'::regclass AND objid = c.oid)
