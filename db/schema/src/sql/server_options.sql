-- The options of foreign tables (column 0) and of their columns.
SELECT 'server option', ftrelid, number, quote_ident(option_name), quote_nullable({option_value})
FROM pg_foreign_table, LATERAL (
  SELECT 0 AS number, ftoptions AS options
  UNION ALL
  SELECT attnum, attfdwoptions FROM pg_attribute WHERE attrelid = ftrelid AND NOT attisdropped
) one, pg_options_to_table(options)
ORDER BY ftrelid, number, option_name
