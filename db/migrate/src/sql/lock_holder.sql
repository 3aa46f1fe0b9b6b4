SELECT coalesce(
  'pid ' || a.pid
  || ', ' || coalesce(nullif(a.application_name, ''), 'no application_name')
  || ', ' || coalesce(a.usename, '?') || coalesce('@' || host(a.client_addr), '')
  || ', since ' || a.backend_start::timestamptz(0),
  format('prepared transaction %L, %s, since %s', p.gid, p.owner, p.prepared::timestamptz(0))
)
FROM (
    SELECT pid, virtualtransaction
    FROM pg_locks
    WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND {is_lock}
  ) l
  LEFT JOIN pg_stat_activity a USING (pid)
  LEFT JOIN pg_locks own ON l.pid IS NULL AND own.pid IS NULL AND own.locktype = 'transactionid'
    AND own.virtualtransaction = l.virtualtransaction
  LEFT JOIN pg_prepared_xacts p ON p.transaction = own.transactionid
