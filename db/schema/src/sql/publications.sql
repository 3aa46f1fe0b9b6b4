SELECT 'object', 'pg_publication'::regclass::oid, p.oid, 7, pubname::text, 0, '', format('PUBLICATION %I', pubname), nullif(pubowner, {migrator})::regrole::text,
  concat(format('CREATE PUBLICATION %I', pubname), CASE WHEN puballtables THEN ' FOR ALL TABLES' END, ' FOR ' || list,
    format(' WITH (publish = %L%s%s);', concat_ws(', ', CASE WHEN pubinsert THEN 'insert' END, CASE WHEN pubupdate THEN 'update' END, CASE WHEN pubdelete THEN 'delete' END, CASE WHEN pubtruncate THEN 'truncate' END),
      CASE WHEN pubviaroot THEN ', publish_via_partition_root' END, CASE WHEN to_jsonb(p) ->> 'pubgencols' = 's' THEN ', publish_generated_columns = stored' END))
FROM pg_publication p LEFT JOIN content ON publication = p.oid
UNION ALL
SELECT 'part', class, oid, 'pg_publication'::regclass::oid::int, publication::text, 0, NULL, NULL, NULL, NULL FROM content_part
