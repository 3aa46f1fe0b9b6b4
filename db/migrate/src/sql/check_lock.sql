SELECT (CASE WHEN EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND {is_lock}) THEN '1' ELSE '{released}' END)::integer;
