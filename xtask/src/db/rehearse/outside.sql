-- Names that a statement must not mention in a rehearsal, because what they do outlives a rollback, and why: functions of the
-- server and of extensions, functions of users that call one or are in an untrusted language, tables with a trigger that
-- does, and `*` if an event trigger does.
WITH RECURSIVE outside (name, reason) AS (
  SELECT name, 'a rollback does not undo it'
  FROM unnest(ARRAY['setval', 'lo_export', 'pg_terminate_backend', 'pg_cancel_backend', 'pg_reload_conf', 'pg_rotate_logfile',
    'pg_switch_wal', 'pg_file_write', 'pg_file_unlink', 'pg_file_rename', 'pg_logical_emit_message', 'pg_stat_reset',
    'pg_create_physical_replication_slot', 'pg_create_logical_replication_slot', 'pg_drop_replication_slot',
    'pg_replication_origin_create', 'pg_promote', 'pg_log_backend_memory_contexts']) AS name
  UNION
  SELECT proname, format('it belongs to the extension %s', extname)
  FROM pg_extension e
  JOIN pg_depend d ON d.refclassid = 'pg_extension'::regclass AND refobjid = e.oid AND d.classid = 'pg_proc'::regclass AND deptype = 'e'
  JOIN pg_proc p ON p.oid = d.objid
  WHERE extname IN ('dblink', 'http', 'pg_net', 'aws_lambda', 'aws_s3', 'aws_commons', 'aws_ml', 'pgmq', 'plsh', 'file_fdw', 'adminpack', 'pg_background')
  UNION
  SELECT p.proname, format('it is in %s', lanname)
  FROM pg_proc p JOIN pg_language l ON l.oid = prolang
  WHERE NOT lanpltrusted AND lanname NOT IN ('internal', 'c')
), calling (name, reason) AS (
  SELECT name::text, reason FROM outside
  UNION
  SELECT p.proname::text, format('it calls %s', name)
  FROM calling JOIN pg_proc p ON p.prosrc ~* ('\m' || regexp_replace(name, '(\W)', '\\\1', 'g') || '\M')
  JOIN pg_namespace n ON n.oid = pronamespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND p.proname::text <> name
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND deptype = 'e')
)
SELECT lower(name), min(reason) FROM calling GROUP BY 1
UNION ALL
SELECT lower(relname), format('its trigger %s calls %s', tgname, proname)
FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_proc p ON p.oid = tgfoid
WHERE NOT tgisinternal AND tgenabled <> 'D' AND proname::text IN (SELECT name FROM calling)
UNION ALL
SELECT '*', format('the event trigger %s calls %s', evtname, proname)
FROM pg_event_trigger JOIN pg_proc p ON p.oid = evtfoid
WHERE evtenabled <> 'D' AND proname::text IN (SELECT name FROM calling)
