-- Rules, triggers, policies and event triggers.
SELECT 'rule', w.oid::text, r.oid::text, quote_ident(rulename), pg_get_ruledef(w.oid, true), ev_enabled::text, NULL, NULL, NULL
FROM pg_rewrite w JOIN relation r ON r.oid = ev_class WHERE rulename <> '_RETURN'
UNION ALL
-- A trigger of a partition may belong to one of its parent. The constraint of one that has been renamed keeps its name.
SELECT 'trigger', t.oid::text, r.oid::text, quote_ident(t.tgname), CASE
    WHEN p.oid IS NOT NULL THEN NULL
    WHEN conname <> t.tgname THEN format(E'%1$s%2$I%3$s;\nALTER TRIGGER %2$I ON %4$s RENAME TO %5$I;', 'CREATE CONSTRAINT TRIGGER ', conname, substr(pg_get_triggerdef(t.oid, true), length('CREATE CONSTRAINT TRIGGER ' || quote_ident(t.tgname)) + 1), r.name, t.tgname)
    ELSE pg_get_triggerdef(t.oid, true) || ';'
  END, t.tgenabled::text, p.tgenabled::text, NULL, NULL
FROM pg_trigger t JOIN relation r ON r.oid = t.tgrelid LEFT JOIN pg_trigger p ON p.oid = t.tgparentid
  LEFT JOIN pg_constraint n ON n.oid = t.tgconstraint AND n.contype = 't'
WHERE NOT t.tgisinternal
UNION ALL
SELECT 'policy', p.oid::text, r.oid::text, quote_ident(polname), polpermissive::text, polcmd::text,
  (SELECT array_agg(CASE WHEN role = 0 THEN 'PUBLIC' ELSE role::regrole::text END ORDER BY role::regrole::text) FROM unnest(polroles) role)::text,
  pg_get_expr(polqual, polrelid, true), pg_get_expr(polwithcheck, polrelid, true)
FROM pg_policy p JOIN relation r ON r.oid = polrelid
UNION ALL
SELECT 'event trigger', e.oid::text, quote_ident(evtname), evtevent::text, evtfoid::regproc::text, evtenabled::text,
  (SELECT array_agg(quote_literal(tag)) FROM unnest(evttags) tag)::text, nullif(evtowner, {migrator})::regrole::text, NULL
FROM pg_event_trigger e WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_event_trigger'::regclass AND objid = e.oid)
