-- Views and materialized views. `placeholder`: a view with the same columns, for a circle of views and functions.
SELECT 'object', 'pg_class'::regclass::oid::text, r.oid, 6, name, 1, '', format('%s %s', kind, name), nullif(relowner, {migrator})::regrole::text,
  format('CREATE %s %s', kind, name), NULL, CASE WHEN amname <> 'heap' THEN format(' USING %I', amname) END, list,
  concat(' TABLESPACE ' || quote_ident(spcname), E' AS\n', rtrim(pg_get_viewdef(r.oid, true), ';'), CASE relkind WHEN 'm' THEN E'\nWITH NO DATA' END, ';')
FROM relation r LEFT JOIN setting ON setting.oid = r.oid LEFT JOIN pg_am ON pg_am.oid = relam LEFT JOIN pg_tablespace t ON t.oid = reltablespace
WHERE relkind IN ('v', 'm')
UNION ALL
SELECT 'placeholder', 'pg_class'::regclass::oid::text, r.oid, 0, name, 0, NULL, NULL, NULL,
  format(E'CREATE VIEW %s AS\n SELECT %s;', name, (SELECT string_agg(format('NULL::%s%s AS %I', format_type(atttypid, atttypmod), CASE WHEN attcollation <> 0 THEN format(' COLLATE %s', attcollation::regcollation) END, attname), E',\n    ' ORDER BY attnum)
    FROM pg_attribute WHERE attrelid = r.oid AND attnum > 0 AND NOT attisdropped)), NULL, NULL, NULL, NULL
FROM relation r WHERE relkind = 'v'
UNION ALL
SELECT 'object', 'pg_attrdef'::regclass::oid::text, d.oid, 6, name, 2, attname, NULL, NULL, format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s;', name, attname, pg_get_expr(adbin, adrelid, true)), NULL, NULL, NULL, NULL
FROM pg_attrdef d JOIN relation r ON r.oid = adrelid JOIN pg_attribute a ON attrelid = adrelid AND attnum = adnum WHERE relkind = 'v'
