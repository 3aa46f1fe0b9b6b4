-- The tables, with their names and those of their schemas.
SELECT oid::text, oid::regclass::text, relnamespace::regnamespace::text FROM pg_class WHERE relkind IN ('r', 'p')
