-- Default privileges, each with whether it is granted, to whom, whether with the right to grant it, and what; and settings of the database.
SELECT 'default privileges', d.oid::text, defaclrole::regrole::text, (defaclrole = {migrator})::text, nullif(defaclnamespace, 0)::regnamespace::text, defaclobjtype::text,
  (SELECT array_agg(part ORDER BY is_granted, grantee::regrole::text, is_grantable, place)
    FROM (SELECT true AS is_granted, grantee, is_grantable, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS privileges FROM (
        SELECT grantee, privilege_type, is_grantable FROM aclexplode(defaclacl) EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(usual)) more GROUP BY grantee, is_grantable
      UNION ALL SELECT false, grantee, is_grantable, string_agg(privilege_type, ', ' ORDER BY privilege_type) FROM (
        SELECT grantee, privilege_type, is_grantable FROM aclexplode(usual) EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(defaclacl)) fewer GROUP BY grantee, is_grantable) changes,
      LATERAL (VALUES (1, is_granted::text), (2, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END), (3, is_grantable::text), (4, privileges)) value (place, part))::text
FROM pg_default_acl d, LATERAL (SELECT CASE WHEN defaclnamespace = 0 THEN acldefault(CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END, defaclrole) END AS usual) standard
UNION ALL
SELECT 'setting', setrole::text, nullif(setrole, 0)::regrole::text, setconfig::text, NULL, NULL, NULL
FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
