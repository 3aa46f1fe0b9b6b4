SET CONSTRAINTS ALL IMMEDIATE;
SELECT pg_catalog.set_config('migrate.path', pg_catalog.current_setting('search_path'), true),
  pg_catalog.set_config('migrate.role', pg_catalog.current_setting('role'), true),
  pg_catalog.set_config('migrate.authorization', pg_catalog.current_setting('session_authorization'), true);
SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE; SET LOCAL search_path = pg_catalog, pg_temp;
