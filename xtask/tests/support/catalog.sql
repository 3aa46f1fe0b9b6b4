-- One line for each object outside the system's schemas, with what a revision can say of it.
WITH own AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'
)
SELECT 'schema ' || nspname FROM own
UNION ALL
SELECT format('relation %s.%s %s %s %s', nspname, relname, relkind, relpersistence, coalesce(obj_description(c.oid, 'pg_class'), ''))
FROM pg_class c JOIN own ON own.oid = relnamespace
UNION ALL
SELECT format('column %s.%s.%s %s %s %s %s %s', nspname, relname, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, pg_get_expr(adbin, adrelid))
FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN own ON own.oid = relnamespace LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT format('index %s %s %s', pg_get_indexdef(indexrelid), indisvalid, indisready) FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN own ON own.oid = relnamespace
UNION ALL
SELECT format('constraint %s %s %s %s', nspname, conname, pg_get_constraintdef(k.oid), convalidated) FROM pg_constraint k JOIN own ON own.oid = connamespace
UNION ALL
SELECT format('function %s', pg_get_functiondef(p.oid)) FROM pg_proc p JOIN own ON own.oid = pronamespace WHERE prokind IN ('f', 'p')
UNION ALL
SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM pg_trigger t WHERE NOT tgisinternal
UNION ALL
SELECT format('enum %s %s %s', typname, enumlabel, row_number() OVER (PARTITION BY enumtypid ORDER BY enumsortorder))
FROM pg_enum JOIN pg_type y ON y.oid = enumtypid
UNION ALL
SELECT format('view %s %s', relname, pg_get_viewdef(c.oid)) FROM pg_class c JOIN own ON own.oid = relnamespace WHERE relkind IN ('v', 'm')
ORDER BY 1
