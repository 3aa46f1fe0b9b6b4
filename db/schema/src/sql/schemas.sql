-- Every new database has `public`, which belongs to `pg_database_owner` (to the first role before PostgreSQL 15).
SELECT 'object', 'pg_namespace'::regclass::oid, n.oid, 0, nspname::text, 0, '', format('SCHEMA %I', nspname),
  nullif(nspowner, CASE WHEN nspname = 'public' THEN CASE WHEN current_setting('server_version_num')::int >= 150000 THEN to_regrole('pg_database_owner')::oid ELSE 10::oid END ELSE {migrator} END)::regrole::text,
  CASE WHEN nspname <> 'public' THEN format('CREATE SCHEMA %I;', nspname) END
FROM pg_namespace n JOIN own USING (oid, nspname)
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_namespace'::regclass AND objid = n.oid)
UNION ALL
SELECT 'object', 'pg_namespace'::regclass::oid, 0, 0, 'public', 0, '', NULL, NULL, 'DROP SCHEMA IF EXISTS public;'
WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public')
