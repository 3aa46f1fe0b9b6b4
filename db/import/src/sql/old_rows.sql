SELECT {version}, to_char(CAST({time} AS timestamptz) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), {state} AS state
FROM {table}
ORDER BY {order}
