-- Parsers, templates, dictionaries and configurations of text search.
SELECT 'parser', p.oid::text, format('%I.%I', nspname, prsname), prsstart::text, prstoken::text, prsend::text, prslextype::text, nullif(prsheadline::oid, 0)::regproc::text
FROM pg_ts_parser p JOIN own ON own.oid = prsnamespace WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_ts_parser'::regclass AND objid = p.oid)
UNION ALL
SELECT 'template', t.oid::text, format('%I.%I', nspname, tmplname), nullif(tmplinit::oid, 0)::regproc::text, tmpllexize::text, NULL, NULL, NULL
FROM pg_ts_template t JOIN own ON own.oid = tmplnamespace WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_ts_template'::regclass AND objid = t.oid)
UNION ALL
SELECT 'dictionary', d.oid::text, d.oid::regdictionary::text, nullif(dictowner, {migrator})::regrole::text, format('%s.%I', tmplnamespace::regnamespace, tmplname), dictinitoption, NULL, NULL
FROM pg_ts_dict d JOIN own ON own.oid = dictnamespace JOIN pg_ts_template t ON t.oid = dicttemplate
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_ts_dict'::regclass AND objid = d.oid)
UNION ALL
SELECT 'configuration', c.oid::text, c.oid::regconfig::text, nullif(cfgowner, {migrator})::regrole::text, format('%s.%I', prsnamespace::regnamespace, prsname),
  (SELECT array_agg(part ORDER BY alias, place)
    FROM (SELECT maptokentype, string_agg(mapdict::regdictionary::text, ', ' ORDER BY mapseqno) AS dictionaries FROM pg_ts_config_map WHERE mapcfg = c.oid GROUP BY 1) mapping
      JOIN LATERAL ts_token_type(cfgparser) ON tokid = maptokentype, LATERAL (VALUES (1, quote_ident(alias)), (2, dictionaries)) half (place, part))::text, NULL, NULL
FROM pg_ts_config c JOIN own ON own.oid = cfgnamespace JOIN pg_ts_parser p ON p.oid = cfgparser
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_ts_config'::regclass AND objid = c.oid)
