-- The columns to generate values for, ordered by table: table, column, base type, kind of type, whether it is nullable,
-- whether it has a default, maximum length, the foreign key it is part of, the referenced table and column, the subtype of
-- a range, and the values listed in a CHECK.
SELECT r.oid::regclass::text, quote_ident(attname), format_type(base.oid, NULL), base.typtype::text || base.typcategory::text,
  NOT (attnotnull OR t.typnotnull), atthasdef OR attidentity <> '', CASE WHEN modifier > 4 AND base.typname IN ('varchar', 'bpchar') THEN modifier - 4 END,
  k.oid::text, k.confrelid::regclass::text, (SELECT quote_ident(f.attname) FROM pg_attribute f WHERE f.attrelid = k.confrelid AND f.attnum = k.confkey[array_position(k.conkey, a.attnum)]),
  (SELECT rngsubtype::regtype::text FROM pg_range WHERE rngtypid = base.oid),
  (SELECT substring(pg_get_constraintdef(c.oid) FROM '= ANY \(*(ARRAY\[.*?\])') FROM pg_constraint c
    WHERE c.conrelid = r.oid AND c.contype = 'c' AND c.conkey = ARRAY[attnum] AND pg_get_constraintdef(c.oid) LIKE '%= ANY %' LIMIT 1)
FROM pg_class r JOIN pg_namespace n ON n.oid = relnamespace
JOIN pg_attribute a ON attrelid = r.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity <> 'a'
JOIN pg_type t ON t.oid = atttypid JOIN pg_type base ON base.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
CROSS JOIN LATERAL (SELECT CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE atttypmod END AS modifier) modifiers
LEFT JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype = 'f' AND k.conkey @> ARRAY[attnum]
WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname !~ '^pg_' AND nspname <> 'information_schema'
  AND r.oid NOT IN ({own_tables})
ORDER BY r.oid, attnum
