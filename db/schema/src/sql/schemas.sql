-- Schemas. Every new database has `public`, which belongs to `pg_database_owner` (to the first role before PostgreSQL 15). If it is missing, it is here without an OID.
SELECT 'schema', n.oid, quote_ident(nspname),
  nullif(nspowner, CASE WHEN nspname = 'public' THEN CASE WHEN current_setting('server_version_num')::int >= 150000 THEN to_regrole('pg_database_owner')::oid ELSE 10::oid END ELSE {migrator} END)::regrole::text
FROM pg_namespace n JOIN own USING (oid, nspname)
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_namespace'::regclass AND objid = n.oid)
UNION ALL
SELECT 'schema', 0, 'public', NULL
WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public')
