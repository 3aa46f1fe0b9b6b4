-- Privileges that differ from those that the object has when it is created, also of objects of extensions and of the system.
, privileged AS (
  SELECT 'pg_class'::regclass::oid AS class, c.oid, 0 AS sub, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END AS kind, relowner AS owner, relacl AS acl, CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END AS prefix, NULL::text AS name, NULL::text AS attname, relnamespace AS namespace
  FROM pg_class c WHERE relacl IS NOT NULL AND c.oid <> ALL (ARRAY[{except}]::oid[])
  UNION ALL
  SELECT 'pg_class'::regclass::oid, attrelid, attnum, 'c', relowner, attacl, 'TABLE ', NULL, quote_ident(attname), relnamespace FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE attacl IS NOT NULL AND NOT attisdropped AND c.oid <> ALL (ARRAY[{except}]::oid[])
  UNION ALL
  SELECT 'pg_proc'::regclass::oid, oid, 0, 'f', proowner, proacl, CASE prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END, NULL, NULL, pronamespace FROM pg_proc WHERE proacl IS NOT NULL
  UNION ALL
  SELECT 'pg_type'::regclass::oid, oid, 0, 'T', typowner, typacl, CASE typtype WHEN 'd' THEN 'DOMAIN ' ELSE 'TYPE ' END, NULL, NULL, typnamespace FROM pg_type WHERE typacl IS NOT NULL
  UNION ALL
  SELECT 'pg_namespace'::regclass::oid, oid, 0, 'n', nspowner, nspacl, 'SCHEMA ', quote_ident(nspname), NULL, oid FROM pg_namespace WHERE nspname = 'public' OR nspacl IS NOT NULL
  UNION ALL
  SELECT 'pg_language'::regclass::oid, oid, 0, 'l', lanowner, lanacl, 'LANGUAGE ', quote_ident(lanname), NULL, NULL FROM pg_language WHERE lanacl IS NOT NULL
  UNION ALL
  SELECT 'pg_foreign_data_wrapper'::regclass::oid, oid, 0, 'F', fdwowner, fdwacl, 'FOREIGN DATA WRAPPER ', quote_ident(fdwname), NULL, NULL FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
  UNION ALL
  SELECT 'pg_foreign_server'::regclass::oid, oid, 0, 'S', srvowner, srvacl, 'FOREIGN SERVER ', quote_ident(srvname), NULL, NULL FROM pg_foreign_server WHERE srvacl IS NOT NULL
),
compared AS MATERIALIZED (
  SELECT p.class, p.oid, p.sub, p.owner, p.prefix, p.name, p.attname, coalesce(p.acl, acldefault(p.kind::"char", p.owner)) AS acl,
    CASE WHEN p.name = 'public' THEN acldefault('n', p.owner) || makeaclitem(0, p.owner, 'USAGE', false) || CASE WHEN current_setting('server_version_num')::int < 150000 THEN ARRAY[makeaclitem(0, p.owner, 'CREATE', false)] END ELSE coalesce(initprivs, acldefault(p.kind::"char", p.owner)) END AS usual
  FROM privileged p LEFT JOIN pg_init_privs i ON i.classoid = p.class AND i.objoid = p.oid AND i.objsubid = p.sub
  WHERE (p.acl IS DISTINCT FROM initprivs OR p.name = 'public') AND p.namespace IS DISTINCT FROM 'information_schema'::regnamespace
),
now AS MATERIALIZED (SELECT class, oid, sub, item, a.* FROM compared, unnest(acl) WITH ORDINALITY u (one, item), aclexplode(ARRAY[one]) a),
usual AS MATERIALIZED (SELECT class, oid, sub, item, a.* FROM compared, unnest(usual) WITH ORDINALITY u (one, item), aclexplode(ARRAY[one]) a),
change AS (
  SELECT class, oid, sub, true AS is_granted, item, grantor, grantee, privilege_type, is_grantable FROM now n
  WHERE NOT EXISTS (SELECT FROM usual u WHERE (u.class, u.oid, u.sub, u.grantor, u.grantee, u.privilege_type, u.is_grantable) = (n.class, n.oid, n.sub, n.grantor, n.grantee, n.privilege_type, n.is_grantable))
  UNION ALL
  SELECT class, oid, sub, false, item, grantor, grantee, privilege_type, is_grantable FROM usual u
  WHERE NOT EXISTS (SELECT FROM now n WHERE (u.class, u.oid, u.sub, u.grantor, u.grantee, u.privilege_type, u.is_grantable) = (n.class, n.oid, n.sub, n.grantor, n.grantee, n.privilege_type, n.is_grantable))
),
statement AS (
  SELECT class, oid, sub, is_granted, grantor, grantee, is_grantable, min(item) AS item, array_agg(privilege_type ORDER BY privilege_type) AS privileges
  FROM change GROUP BY class, oid, sub, is_granted, grantor, grantee, is_grantable
)
SELECT 'privilege', s.class::text, s.oid, s.sub, prefix || object, row_number() OVER (PARTITION BY s.class, s.oid ORDER BY s.sub, is_granted, item)::int,
  is_granted::text, array_to_string(privileges, E'\n'), CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END, attname, nullif(grantor, owner)::regrole
FROM statement s JOIN compared c ON (c.class, c.oid, c.sub) = (s.class, s.oid, s.sub),
  LATERAL (SELECT CASE c.class WHEN 'pg_class'::regclass THEN c.oid::regclass::text WHEN 'pg_proc'::regclass THEN c.oid::regprocedure::text WHEN 'pg_type'::regclass THEN c.oid::regtype::text ELSE c.name END AS object) named
