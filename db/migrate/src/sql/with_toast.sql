SELECT oid
FROM (
  WITH t (oid) AS ({tables})
  SELECT oid FROM t
  UNION
  SELECT reltoastrelid FROM pg_class WHERE oid IN (SELECT oid FROM t)
) AS tables
