-- Subscriptions. Only a superuser can read them. Passwords are masked: the dump is kept in the repository.
SELECT 'subscription', s.oid, quote_ident(subname), nullif(subowner, {migrator})::regrole,
  quote_literal(regexp_replace(regexp_replace(subconninfo, '(password\s*=\s*)(''(?:[^''\\]|\\.)*''|[^\s&]+)', '\1********', 'gi'), '(://[^:/@]*:)[^@]*@', '\1********@')),
  (SELECT array_agg(quote_ident(name) ORDER BY number) FROM unnest(subpublications) WITH ORDINALITY p (name, number)), coalesce(quote_literal(subslotname), 'NONE'),
  to_jsonb(s) ->> 'subbinary',
  CASE to_jsonb(s) ->> 'substream' WHEN 't' THEN 'on' WHEN 'true' THEN 'on' WHEN 'p' THEN 'parallel' WHEN 'f' THEN CASE WHEN current_setting('server_version_num')::int >= 180000 THEN 'off' END END,
  quote_literal(nullif(subsynccommit, 'off')), to_jsonb(s) ->> 'subtwophasestate' <> 'd', to_jsonb(s) ->> 'subdisableonerr', to_jsonb(s) ->> 'subpasswordrequired' = 'false', to_jsonb(s) ->> 'subrunasowner',
  nullif(to_jsonb(s) ->> 'suborigin', 'any'), to_jsonb(s) ->> 'subfailover'
FROM pg_subscription s WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
