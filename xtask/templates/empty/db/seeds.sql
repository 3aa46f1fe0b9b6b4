-- Rows for development. `cargo xtask dev` runs this file after each upgrade: what is there stays.
INSERT INTO notes (body)
SELECT body FROM (VALUES ('The page, the API and the database work together.')) AS seed (body)
WHERE NOT EXISTS (SELECT FROM notes);
