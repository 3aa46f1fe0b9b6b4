SELECT
  pg_catalog.pg_backend_pid(),
  pg_catalog.current_setting('server_version_num'),
  pg_catalog.current_setting('{mark}', true),
  pg_catalog.current_setting('server_encoding')
