SELECT string_agg(
  format(
    'pid %s (%s, %s%s, %s){query_format}',
    pid,
    coalesce(nullif(application_name, ''), 'no application_name'),
    usename,
    '@' || host(client_addr),
    state || coalesce(', in a transaction since ' || xact_start::timestamptz(0), ''){query}
  ),
  '; ' ORDER BY xact_start
)
FROM pg_stat_activity
WHERE pid = ANY (pg_blocking_pids({backend}))
