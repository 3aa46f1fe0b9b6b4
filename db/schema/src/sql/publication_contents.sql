-- What a publication has: tables, with columns, which have no order of their own, and filters, and schemas.
, content AS (
  SELECT publication, array_agg(text ORDER BY text) AS list FROM (
    SELECT prpubid AS publication, concat('TABLE ', CASE WHEN c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits WHERE inhparent = prrelid) THEN 'ONLY ' END, prrelid::regclass,
      (SELECT format(' (%s)', string_agg(quote_ident(attname), ', ' ORDER BY attname)) FROM pg_attribute WHERE attrelid = prrelid AND attnum = ANY (prattrs) HAVING count(*) > 0), ' WHERE (' || pg_get_expr(prqual, prrelid, true) || ')') AS text
    FROM pg_publication_rel JOIN pg_class c ON c.oid = prrelid
    UNION ALL
    SELECT pnpubid, format('TABLES IN SCHEMA %s', pnnspid::regnamespace) FROM pg_publication_namespace
  ) one GROUP BY publication
),
content_part AS (SELECT 'pg_publication_namespace'::regclass::oid AS class, oid, pnpubid AS publication FROM pg_publication_namespace)
