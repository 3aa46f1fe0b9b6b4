-- The foreign keys: constraint, table, referenced table, its name, the numbers of the columns, the names of the referenced columns,
-- and their numbers. The longest come first: a shorter key often shares its columns.
SELECT k.oid::text, conrelid::text, confrelid::text, confrelid::regclass::text, array_to_string(conkey, ','),
  array_to_string(ARRAY(SELECT quote_ident(attname) FROM unnest(confkey) WITH ORDINALITY AS part (number, place)
    JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place), chr(1)),
  array_to_string(confkey, ',')
FROM pg_constraint k
WHERE contype = 'f' AND conparentid = 0
ORDER BY cardinality(conkey) DESC, k.oid
