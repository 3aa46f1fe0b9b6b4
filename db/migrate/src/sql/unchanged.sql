SELECT CAST(
  CASE WHEN ({query}) IS NOT DISTINCT FROM {value} THEN '1' ELSE '{changed}' END AS pg_catalog.int4
) AS the_table_has_not_changed;
