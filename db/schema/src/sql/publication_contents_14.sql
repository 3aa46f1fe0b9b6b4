-- Before PostgreSQL 15, a publication has whole tables.
, content AS (
  SELECT prpubid AS publication, array_agg(format('TABLE %s', prrelid::regclass) ORDER BY prrelid::regclass::text) AS list FROM pg_publication_rel GROUP BY prpubid
),
content_part AS (SELECT 0::oid AS class, 0::oid AS oid, 0::oid AS publication WHERE false)
