-- One text instead of many rows, the oldest first: for ten thousand rows, the driver takes longer than the server.
SELECT string_agg(concat_ws(' ', revision, operation, checksum), E'\n' ORDER BY id) FROM {log}
