SELECT string_agg(blocker, '; ' ORDER BY since)
FROM (
  SELECT
    format(
      'pid %s (%s, %s%s, %s){query_format}',
      pid,
      coalesce(nullif(application_name, ''), 'no application_name'),
      usename,
      '@' || host(client_addr),
      state || coalesce(', in a transaction since ' || xact_start::timestamptz(0), ''){query}
    ) AS blocker,
    xact_start AS since
  FROM pg_stat_activity
  WHERE pid = ANY (pg_blocking_pids({backend}))
    -- While it runs, this query itself blocks CREATE INDEX CONCURRENTLY.
    AND pid <> pg_backend_pid()
  UNION ALL
  -- A prepared transaction has no process: `pg_blocking_pids` shows it as 0.
  SELECT
    format(
      'prepared transaction %L (%s, since %s; COMMIT PREPARED or ROLLBACK PREPARED ends it)',
      gid, owner, prepared::timestamptz(0)
    ),
    prepared
  FROM pg_prepared_xacts p
  WHERE 0 = ANY (pg_blocking_pids({backend}))
    AND EXISTS (
      SELECT
      FROM pg_locks own JOIN pg_locks held USING (virtualtransaction) JOIN pg_locks wanted
        ON (held.locktype, held.database, held.relation, held.page, held.tuple, held.transactionid, held.classid, held.objid, held.objsubid)
          IS NOT DISTINCT FROM
          (wanted.locktype, wanted.database, wanted.relation, wanted.page, wanted.tuple, wanted.transactionid, wanted.classid, wanted.objid, wanted.objsubid)
      WHERE own.pid IS NULL AND own.locktype = 'transactionid' AND own.transactionid = p.transaction
        AND held.pid IS NULL AND held.granted
        AND wanted.pid = {backend} AND NOT wanted.granted
    )
) blockers
