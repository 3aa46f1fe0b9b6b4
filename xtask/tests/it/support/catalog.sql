-- Everything that a revision can create in a database, one line per object in a fixed order, for comparing two databases.
-- OIDs, statistics and the engine's own tables are omitted, as is the order of columns, which cannot be restored once a
-- column was dropped. Privileges are listed one by one, so that no grants and the default grants are equal.
WITH own AS (
  SELECT oid, nspname, nspowner, nspacl FROM pg_namespace
  WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
),
relation AS (
  SELECT c.*, own.nspname FROM pg_class c JOIN own ON own.oid = c.relnamespace
  WHERE c.relname NOT IN ('alembic_version', 'alembic_version_pkc')
    AND c.relname NOT LIKE 'migration\_log%' AND c.relname NOT LIKE 'migration\_journal%'
),
extension_member AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
SELECT format('schema %I owner %s acl %s comment %L', nspname, nspowner::regrole,
  (SELECT string_agg(format('%s=%s%s', CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END, privilege_type, CASE WHEN is_grantable THEN '*' END), ' ' ORDER BY grantee::regrole::text, privilege_type) FROM aclexplode(coalesce(nspacl, acldefault('n', nspowner)))), obj_description(oid, 'pg_namespace')) FROM own
UNION ALL
SELECT format('relation %I.%I kind %s persistence %s owner %s acl %s options %s rls %s %s partition %L replica identity %s tablespace %s comment %L',
  nspname, relname, relkind, relpersistence, relowner::regrole,
  (SELECT string_agg(format('%s=%s%s', CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END, privilege_type, CASE WHEN is_grantable THEN '*' END), ' ' ORDER BY grantee::regrole::text, privilege_type) FROM aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)))),
  reloptions, relrowsecurity, relforcerowsecurity,
  pg_get_expr(relpartbound, oid), relreplident, reltablespace, obj_description(oid, 'pg_class'))
FROM relation WHERE relkind <> 'i'
UNION ALL
SELECT format('partition key %I.%I %s', nspname, relname, pg_get_partkeydef(oid)) FROM relation WHERE relkind = 'p'
UNION ALL
SELECT format('inherits %s from %s', inhrelid::regclass, inhparent::regclass) FROM pg_inherits JOIN relation ON oid = inhrelid
UNION ALL
SELECT format('column %I.%I.%I type %s not null %s identity %s generated %s default %L collation %s storage %s statistics %s options %s acl %s comment %L',
  nspname, relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
  pg_get_expr(adbin, adrelid), attcollation::regcollation, attstorage, attstattarget, attoptions,
  (SELECT string_agg(format('%s=%s%s', CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END, privilege_type, CASE WHEN is_grantable THEN '*' END), ' ' ORDER BY grantee::regrole::text, privilege_type) FROM aclexplode(coalesce(attacl, acldefault('c', relowner)))), col_description(attrelid, attnum))
FROM pg_attribute JOIN relation ON relation.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attnum > 0 AND NOT attisdropped AND relkind <> 'i' AND relkind <> 'S'
UNION ALL
SELECT format('index %s valid %s clustered %s replica identity %s options %s comment %L',
  pg_get_indexdef(indexrelid), indisvalid, indisclustered, indisreplident, reloptions, obj_description(indexrelid, 'pg_class'))
FROM pg_index JOIN relation ON relation.oid = indexrelid
UNION ALL
SELECT format('constraint %I on %s %s %s validated %s comment %L', conname, nullif(conrelid, 0)::regclass, nullif(contypid, 0)::regtype,
  pg_get_constraintdef(k.oid), convalidated, obj_description(k.oid, 'pg_constraint'))
FROM pg_constraint k JOIN own ON own.oid = connamespace
WHERE conrelid = 0 OR conrelid IN (SELECT oid FROM relation)
UNION ALL
SELECT format('trigger %s enabled %s comment %L', pg_get_triggerdef(t.oid), tgenabled, obj_description(t.oid, 'pg_trigger'))
FROM pg_trigger t JOIN relation ON relation.oid = tgrelid WHERE NOT tgisinternal
UNION ALL
SELECT format('rule %s enabled %s comment %L', pg_get_ruledef(r.oid), ev_enabled, obj_description(r.oid, 'pg_rewrite'))
FROM pg_rewrite r JOIN relation ON relation.oid = ev_class WHERE rulename <> '_RETURN'
UNION ALL
SELECT format('view %I.%I %s', nspname, relname, pg_get_viewdef(oid)) FROM relation WHERE relkind IN ('v', 'm')
UNION ALL
SELECT format('sequence %I.%I type %s start %s increment %s min %s max %s cache %s cycle %s owned by %s', nspname, relname,
  seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle,
  (SELECT format('%s.%s', refobjid::regclass, refobjsubid) FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = seqrelid AND deptype IN ('a', 'i') LIMIT 1))
FROM pg_sequence JOIN relation ON relation.oid = seqrelid
UNION ALL
SELECT format('function %s kind %s owner %s acl %s comment %L body %s', p.oid::regprocedure, prokind, proowner::regrole,
  (SELECT string_agg(format('%s=%s%s', CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END, privilege_type, CASE WHEN is_grantable THEN '*' END), ' ' ORDER BY grantee::regrole::text, privilege_type) FROM aclexplode(coalesce(proacl, acldefault('f', proowner)))),
  obj_description(p.oid, 'pg_proc'), CASE WHEN prokind = 'a' THEN '' ELSE pg_get_functiondef(p.oid) END)
FROM pg_proc p JOIN own ON own.oid = pronamespace
WHERE (p.tableoid, p.oid) NOT IN (SELECT classid, objid FROM extension_member)
UNION ALL
SELECT format('type %s kind %s owner %s acl %s default %L not null %s base %s comment %L', y.oid::regtype, typtype, typowner::regrole,
  (SELECT string_agg(format('%s=%s%s', CASE grantee WHEN 0 THEN 'public' ELSE grantee::regrole::text END, privilege_type, CASE WHEN is_grantable THEN '*' END), ' ' ORDER BY grantee::regrole::text, privilege_type) FROM aclexplode(coalesce(typacl, acldefault('T', typowner)))),
  typdefault, typnotnull, CASE WHEN typbasetype <> 0 THEN format_type(typbasetype, typtypmod) END, obj_description(y.oid, 'pg_type'))
FROM pg_type y JOIN own ON own.oid = typnamespace
WHERE typtype IN ('e', 'd', 'r', 'm') AND (y.tableoid, y.oid) NOT IN (SELECT classid, objid FROM extension_member)
UNION ALL
SELECT format('enum %s value %s %L', enumtypid::regtype, row_number() OVER (PARTITION BY enumtypid ORDER BY enumsortorder), enumlabel) FROM pg_enum
UNION ALL
SELECT format('policy %I on %s permissive %s command %s roles %s using %L check %L comment %L', polname, polrelid::regclass, polpermissive, polcmd,
  (SELECT array_agg(CASE WHEN r = 0 THEN 'public' ELSE r::regrole::text END ORDER BY r) FROM unnest(polroles) r),
  pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), obj_description(p.oid, 'pg_policy'))
FROM pg_policy p
UNION ALL
SELECT format('statistics %s', pg_get_statisticsobjdef(s.oid)) FROM pg_statistic_ext s JOIN own ON own.oid = stxnamespace
UNION ALL
SELECT format('extension %I schema %s version %s comment %L', extname, extnamespace::regnamespace, extversion, obj_description(oid, 'pg_extension')) FROM pg_extension
UNION ALL
SELECT format('event trigger %I on %s calls %s enabled %s', evtname, evtevent, evtfoid::regproc, evtenabled) FROM pg_event_trigger
UNION ALL
SELECT format('publication %I tables %s all %s %s%s%s%s', p.pubname, (SELECT array_agg(prrelid::regclass ORDER BY prrelid::regclass::text) FROM pg_publication_rel WHERE prpubid = p.oid),
  puballtables, pubinsert, pubupdate, pubdelete, pubtruncate) FROM pg_publication p
UNION ALL
SELECT format('default privileges of %s in %s on %s: %s', defaclrole::regrole, nullif(defaclnamespace, 0)::regnamespace, defaclobjtype, defaclacl) FROM pg_default_acl
UNION ALL
SELECT format('collation %I.%I %s %s', nspname, collname, collprovider, collcollate) FROM pg_collation c JOIN own ON own.oid = collnamespace
UNION ALL
SELECT format('operator %s', o.oid::regoperator) FROM pg_operator o JOIN own ON own.oid = oprnamespace
UNION ALL
SELECT format('cast from %s to %s', castsource::regtype, casttarget::regtype) FROM pg_cast WHERE oid >= 16384
UNION ALL
SELECT format('setting of the database %s', setconfig) FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY 1
