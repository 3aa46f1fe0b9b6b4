-- The comment and the privileges of a database, as statements for another one.
SELECT format('COMMENT ON DATABASE %I IS %L', {new}::text, comment)
FROM (SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE datname = {name}) AS described
WHERE comment IS NOT NULL
UNION ALL
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC, %s', {new}::text, datdba::regrole)
  || coalesce((
    SELECT string_agg(format('; GRANT %s ON DATABASE %I TO %s%s', privilege_type, {new}::text,
        CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
        CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END), '')
    FROM aclexplode(datacl)
  ), '')
FROM pg_database
WHERE datname = {name} AND datacl IS NOT NULL
