-- The routine that the last statement has written: of those with its name, the one with the latest command of this transaction.
SET LOCAL search_path = pg_catalog, pg_temp;
{run} set_config('migrate.routines', concat_ws(',', nullif({before}, ''), oid), true)
FROM pg_proc
WHERE proname = {name} AND xmin::text = (txid_current() % 4294967296)::text
ORDER BY cmin::text::bigint DESC LIMIT 1;{end}
RESET search_path;
