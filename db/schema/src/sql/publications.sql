SELECT 'publication', p.oid::text, quote_ident(pubname), nullif(pubowner, {migrator})::regrole::text, puballtables::text, list::text,
  array_remove(ARRAY[CASE WHEN pubinsert THEN 'insert' END, CASE WHEN pubupdate THEN 'update' END, CASE WHEN pubdelete THEN 'delete' END, CASE WHEN pubtruncate THEN 'truncate' END], NULL)::text,
  pubviaroot::text, (to_jsonb(p) ->> 'pubgencols' = 's')::text
FROM pg_publication p LEFT JOIN content ON publication = p.oid
UNION ALL
SELECT 'part', class::text, oid::text, 'pg_publication'::regclass::oid::text, publication::text, NULL, NULL, NULL, NULL FROM content_part
