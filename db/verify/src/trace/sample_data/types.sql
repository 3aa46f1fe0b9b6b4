-- The types: oid, name, kind of type, category, modifier of a domain, whether the domain is NOT NULL, the
-- type of an element, an array of an enum's labels, and the number of a composite type's fields.
WITH RECURSIVE bases (declared, base, modifier, is_required) AS (
  SELECT oid, oid, -1, false FROM pg_type
  UNION ALL
  SELECT declared, t.typbasetype, greatest(modifier, t.typtypmod), is_required OR t.typnotnull
  FROM bases JOIN pg_type t ON t.oid = base WHERE t.typtype = 'd'
)
SELECT declared::text, format_type(t.oid, NULL), t.typtype::text, t.typcategory::text, modifier::text, is_required,
  CASE WHEN t.typtype = 'r' THEN (SELECT rngsubtype::text FROM pg_range WHERE rngtypid = t.oid)
    WHEN t.typtype = 'm' THEN (SELECT rngtypid::text FROM pg_range WHERE rngmultitypid = t.oid)
    WHEN t.typcategory = 'A' THEN t.typelem::text END,
  (SELECT 'ARRAY[' || string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) || ']' FROM pg_enum WHERE enumtypid = t.oid),
  (SELECT count(*)::text FROM pg_attribute WHERE t.typtype = 'c' AND attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped)
FROM bases JOIN pg_type t ON t.oid = base WHERE t.typtype <> 'd'
