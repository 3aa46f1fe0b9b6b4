-- Rows for development. `cargo xtask dev` runs this file after each upgrade; existing rows are kept.
INSERT INTO notes (body)
SELECT body FROM (VALUES ('The page, the API and the database work together.')) AS seed (body)
WHERE NOT EXISTS (SELECT FROM notes);
