-- One text instead of a row each, oldest first: ten thousand rows take the driver longer than the server.
SELECT string_agg(concat_ws(' ', revision, operation, checksum), E'\n' ORDER BY id) FROM {log}
