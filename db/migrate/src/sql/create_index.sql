SELECT format(
  'create-index %s %s %s',
  {table},
  coalesce(string_agg(indexrelid::text, ','), '-'),
  (parse_ident(nullif({name}, '')))[1]::name
)
FROM pg_index
WHERE indrelid = {table}
