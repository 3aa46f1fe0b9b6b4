-- Rules, triggers, policies and event triggers.
SELECT 'object', 'pg_rewrite'::regclass::oid, w.oid, rank, r.name, 6, rulename::text, format('RULE %I ON %s', rulename, r.name), NULL,
  concat_ws(E'\n', pg_get_ruledef(w.oid, true), CASE WHEN ev_enabled <> 'O' THEN format('ALTER TABLE %s %s RULE %I;', r.name, CASE ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, rulename) END)
FROM pg_rewrite w JOIN relation r ON r.oid = ev_class WHERE rulename <> '_RETURN'
UNION ALL
-- A trigger of a partition that belongs to one of its parent is written only if it is enabled differently.
SELECT 'object', 'pg_trigger'::regclass::oid, t.oid, rank, r.name, 7, t.tgname::text, format('TRIGGER %I ON %s', t.tgname, r.name), NULL,
  concat_ws(E'\n', CASE WHEN p.oid IS NULL THEN pg_get_triggerdef(t.oid, true) || ';' END,
    CASE WHEN t.tgenabled <> coalesce(p.tgenabled, 'O') THEN format('ALTER TABLE %s %s TRIGGER %I;', r.name, CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END, t.tgname) END)
FROM pg_trigger t JOIN relation r ON r.oid = t.tgrelid LEFT JOIN pg_trigger p ON p.oid = t.tgparentid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'object', 'pg_policy'::regclass::oid, p.oid, rank, r.name, 8, polname::text, format('POLICY %I ON %s', polname, r.name), NULL,
  concat('CREATE POLICY ', quote_ident(polname), ' ON ', r.name, CASE WHEN NOT polpermissive THEN ' AS RESTRICTIVE' END,
    CASE polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE' WHEN 'd' THEN ' FOR DELETE' END,
    CASE WHEN polroles <> '{0}' THEN format(' TO %s', (SELECT string_agg(CASE WHEN role = 0 THEN 'PUBLIC' ELSE role::regrole::text END, ', ' ORDER BY role::regrole::text) FROM unnest(polroles) role)) END,
    ' USING (' || pg_get_expr(polqual, polrelid, true) || ')', ' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid, true) || ')', ';')
FROM pg_policy p JOIN relation r ON r.oid = polrelid
UNION ALL
-- Last, so that they do not fire while the script runs.
SELECT 'object', 'pg_event_trigger'::regclass::oid, e.oid, 10, evtname::text, 0, '', format('EVENT TRIGGER %I', evtname), nullif(evtowner, {migrator})::regrole::text,
  concat(format('CREATE EVENT TRIGGER %I ON %s', evtname, evtevent), (SELECT format(' WHEN TAG IN (%s)', string_agg(quote_literal(tag), ', ')) FROM unnest(evttags) tag HAVING count(*) > 0), format(' EXECUTE FUNCTION %s();', evtfoid::regproc),
    CASE WHEN evtenabled <> 'O' THEN format(E'\nALTER EVENT TRIGGER %I %s;', evtname, CASE evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END) END)
FROM pg_event_trigger e WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_event_trigger'::regclass AND objid = e.oid)
