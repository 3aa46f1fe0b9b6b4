-- Before PostgreSQL 15, a publication has whole tables.
, content AS (
  SELECT prpubid AS publication, array_agg(text ORDER BY text) AS list FROM (
    SELECT prpubid, concat('TABLE ', CASE WHEN relkind = 'r' AND EXISTS (SELECT FROM pg_inherits WHERE inhparent = prrelid) THEN 'ONLY ' END, prrelid::regclass) AS text
    FROM pg_publication_rel JOIN pg_class c ON c.oid = prrelid
  ) one GROUP BY prpubid
),
content_part AS (SELECT 0::oid AS class, 0::oid AS oid, 0::oid AS publication WHERE false)
