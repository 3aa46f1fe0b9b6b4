-- Default privileges are last, so that they do not apply to what the script creates. Settings of the database are only listed.
SELECT 'object', 'pg_default_acl'::regclass::oid, d.oid, 9, '', 0, concat(defaclrole::regrole, ' ', defaclnamespace::regnamespace, ' ', defaclobjtype), NULL, NULL,
  (SELECT string_agg(concat('ALTER DEFAULT PRIVILEGES', CASE WHEN defaclrole <> {migrator} THEN format(' FOR ROLE %s', defaclrole::regrole) END, CASE WHEN defaclnamespace <> 0 THEN format(' IN SCHEMA %s', defaclnamespace::regnamespace) END,
      CASE WHEN is_granted THEN ' GRANT ' ELSE ' REVOKE ' END, privileges, ' ON ', CASE defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'L' THEN 'LARGE OBJECTS' ELSE 'SCHEMAS' END,
      CASE WHEN is_granted THEN ' TO ' ELSE ' FROM ' END, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, CASE WHEN is_granted AND is_grantable THEN ' WITH GRANT OPTION' END, ';'), E'\n' ORDER BY is_granted, grantee::regrole::text, is_grantable)
    FROM (SELECT true AS is_granted, grantee, is_grantable, string_agg(privilege_type, ', ' ORDER BY privilege_type) AS privileges FROM (
        SELECT grantee, privilege_type, is_grantable FROM aclexplode(defaclacl) EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(usual)) more GROUP BY grantee, is_grantable
      UNION ALL SELECT false, grantee, is_grantable, string_agg(privilege_type, ', ' ORDER BY privilege_type) FROM (
        SELECT grantee, privilege_type, is_grantable FROM aclexplode(usual) EXCEPT SELECT grantee, privilege_type, is_grantable FROM aclexplode(defaclacl)) fewer GROUP BY grantee, is_grantable) changes)
FROM pg_default_acl d, LATERAL (SELECT CASE WHEN defaclnamespace = 0 THEN acldefault(CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END, defaclrole) END AS usual) standard
UNION ALL
SELECT 'object', 'pg_db_role_setting'::regclass::oid, setrole, 11, 'setting', 0, setrole::text, NULL, NULL,
  format('-- setting of the database%s: %s', CASE WHEN setrole <> 0 THEN format(' for %s', setrole::regrole) END, replace(array_to_string(setconfig, ', '), E'\n', ' '))
FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
