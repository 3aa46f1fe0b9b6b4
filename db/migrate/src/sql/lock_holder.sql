SELECT 'pid ' || a.pid
  || ', ' || coalesce(nullif(a.application_name, ''), 'no application_name')
  || ', ' || coalesce(a.usename, '?') || coalesce('@' || host(a.client_addr), '')
  || ', since ' || a.backend_start::timestamptz(0)
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND {is_lock}
