, parser AS (SELECT p.*, nspname FROM pg_ts_parser p JOIN own ON own.oid = prsnamespace WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_ts_parser'::regclass AND objid = p.oid)),
template AS (SELECT t.*, nspname FROM pg_ts_template t JOIN own ON own.oid = tmplnamespace WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_ts_template'::regclass AND objid = t.oid)),
configuration AS (SELECT c.*, c.oid::regconfig::text AS name FROM pg_ts_config c JOIN own ON own.oid = cfgnamespace WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_ts_config'::regclass AND objid = c.oid)),
mapping AS (
  SELECT mapcfg, cfgparser, maptokentype, string_agg(mapdict::regdictionary::text, ', ' ORDER BY mapseqno) AS dictionaries
  FROM pg_ts_config_map JOIN configuration c ON c.oid = mapcfg GROUP BY 1, 2, 3
)
SELECT 'object', 'pg_ts_parser'::regclass::oid, oid, 4, format('%I.%I', nspname, prsname), 0, '', format('TEXT SEARCH PARSER %I.%I', nspname, prsname), NULL,
  concat(format('CREATE TEXT SEARCH PARSER %I.%I (START = %s, GETTOKEN = %s, END = %s, LEXTYPES = %s', nspname, prsname, prsstart, prstoken, prsend, prslextype), CASE WHEN prsheadline <> 0 THEN format(', HEADLINE = %s', prsheadline) END, ');')
FROM parser
UNION ALL
SELECT 'object', 'pg_ts_template'::regclass::oid, oid, 4, format('%I.%I', nspname, tmplname), 0, '', format('TEXT SEARCH TEMPLATE %I.%I', nspname, tmplname), NULL,
  concat(format('CREATE TEXT SEARCH TEMPLATE %I.%I (', nspname, tmplname), CASE WHEN tmplinit <> 0 THEN format('INIT = %s, ', tmplinit) END, format('LEXIZE = %s);', tmpllexize))
FROM template
UNION ALL
SELECT 'object', 'pg_ts_dict'::regclass::oid, d.oid, 4, d.oid::regdictionary::text, 0, '', format('TEXT SEARCH DICTIONARY %s', d.oid::regdictionary), nullif(dictowner, {migrator})::regrole::text,
  concat(format('CREATE TEXT SEARCH DICTIONARY %s (TEMPLATE = %s.%I', d.oid::regdictionary, tmplnamespace::regnamespace, tmplname), ', ' || dictinitoption, ');')
FROM pg_ts_dict d JOIN own ON own.oid = dictnamespace JOIN pg_ts_template t ON t.oid = dicttemplate
WHERE NOT EXISTS (SELECT FROM member WHERE classid = 'pg_ts_dict'::regclass AND objid = d.oid)
UNION ALL
SELECT 'object', 'pg_ts_config'::regclass::oid, c.oid, 4, name, 1, '', format('TEXT SEARCH CONFIGURATION %s', name), nullif(cfgowner, {migrator})::regrole::text,
  concat_ws(E'\n', format('CREATE TEXT SEARCH CONFIGURATION %s (PARSER = %s.%I);', name, prsnamespace::regnamespace, prsname),
    (SELECT string_agg(format('ALTER TEXT SEARCH CONFIGURATION %s ADD MAPPING FOR %I WITH %s;', name, alias, dictionaries), E'\n' ORDER BY alias)
      FROM mapping JOIN LATERAL ts_token_type(mapping.cfgparser) ON tokid = maptokentype WHERE mapcfg = c.oid))
FROM configuration c JOIN pg_ts_parser p ON p.oid = cfgparser
