SELECT
  (CASE WHEN EXISTS (SELECT FROM pg_prepared_statement() WHERE name <> ALL (ARRAY['migrate_version', 'migrate_log'])) THEN '{unclean}' ELSE '1' END)::integer,
  {keep_lock};
