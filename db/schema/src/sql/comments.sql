-- Comments, security labels and the extensions that objects depend on, with the name of a column as SQL writes it, the text, and that of a new object. `public` has a comment in a new database, which
-- is what removing another one restores.
-- A constraint that is inherited is not written, but its comment is.
SELECT 'comment', classoid::text, objoid, 0, NULL, CASE WHEN coninhcount > 0 THEN format('CONSTRAINT %I ON %s', conname, conrelid::regclass) END, description, NULL
FROM pg_description LEFT JOIN pg_constraint k ON classoid = 'pg_constraint'::regclass AND k.oid = objoid WHERE objoid >= 16384 AND objsubid = 0
UNION ALL
SELECT 'comment', CASE WHEN relkind = 'c' THEN 'pg_type'::regclass ELSE 'pg_class'::regclass END::oid::text, CASE WHEN relkind = 'c' THEN reltype ELSE objoid END, objsubid, NULL, format('COLUMN %s.%I', objoid::regclass, attname), description, NULL
FROM pg_description JOIN pg_class c ON c.oid = objoid JOIN pg_attribute ON attrelid = objoid AND attnum = objsubid
WHERE classoid = 'pg_class'::regclass AND objoid >= 16384 AND objsubid <> 0 AND NOT attisdropped
UNION ALL
SELECT 'comment', 'pg_namespace'::regclass::oid::text, n.oid, 0, NULL, NULL, description, 'standard public schema'
FROM pg_namespace n LEFT JOIN pg_description ON classoid = 'pg_namespace'::regclass AND objoid = n.oid
WHERE nspname = 'public' AND n.oid < 16384 AND description IS DISTINCT FROM 'standard public schema'
UNION ALL
SELECT 'comment', 'pg_namespace'::regclass::oid::text, n.oid, 0, NULL, NULL, NULL, 'standard public schema'
FROM pg_namespace n WHERE nspname = 'public' AND n.oid >= 16384 AND obj_description(n.oid, 'pg_namespace') IS NULL
UNION ALL
-- An extension has the comment of its control file until that is removed.
SELECT 'comment', 'pg_extension'::regclass::oid::text, e.oid, 0, NULL, NULL, NULL, a.comment
FROM pg_extension e, LATERAL (SELECT comment FROM pg_available_extensions WHERE name = extname OFFSET 0) a
WHERE e.oid >= 16384 AND obj_description(e.oid, 'pg_extension') IS NULL AND a.comment <> ''
UNION ALL
-- Only its comment is written of an extension that each database has.
SELECT 'comment', 'pg_extension'::regclass::oid::text, e.oid, 0, NULL, format('EXTENSION %I', extname), obj_description(e.oid, 'pg_extension'), a.comment
FROM pg_extension e, LATERAL (SELECT comment FROM pg_available_extensions WHERE name = extname OFFSET 0) a
WHERE e.oid < 16384 AND obj_description(e.oid, 'pg_extension') IS DISTINCT FROM a.comment
UNION ALL
SELECT 'label', classoid::text, objoid, objsubid, quote_ident(provider), CASE WHEN objsubid <> 0 THEN format('COLUMN %s.%I', objoid::regclass, attname) END, label, NULL
FROM pg_seclabel LEFT JOIN pg_attribute ON classoid = 'pg_class'::regclass AND attrelid = objoid AND attnum = objsubid
UNION ALL
SELECT 'depends', classid::text, objid, 0, NULL, NULL, quote_ident(extname), NULL
FROM pg_depend JOIN pg_extension e ON refclassid = 'pg_extension'::regclass AND refobjid = e.oid WHERE deptype = 'x'
