-- The sessions that keep a database from being dropped. Roles without privileges see no `backend_type` of others.
SELECT 'pid ' || pid
  || ', ' || coalesce(nullif(application_name, ''), 'no application_name')
  || ', ' || coalesce(usename, '?') || coalesce('@' || host(client_addr), '')
  || coalesce(', since ' || backend_start::timestamptz(0), '')
FROM pg_stat_activity
WHERE datname = {name} AND coalesce(backend_type, '') NOT IN ('autovacuum worker', 'parallel worker')
ORDER BY backend_start, pid
