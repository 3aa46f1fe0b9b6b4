-- Subscriptions are created without a connection to the publisher. Only a superuser can read them. Passwords are masked: the
-- dump is kept in the repository.
SELECT 'object', 'pg_subscription'::regclass::oid, s.oid, 7, subname::text, 0, '', format('SUBSCRIPTION %I', subname), nullif(subowner, {migrator})::regrole::text,
  concat(format('CREATE SUBSCRIPTION %I CONNECTION %L PUBLICATION %s WITH (connect = false, slot_name = %s', subname,
    regexp_replace(regexp_replace(subconninfo, '(password\s*=\s*)(''(?:[^''\\]|\\.)*''|[^\s&]+)', '\1********', 'gi'), '(://[^:/@]*:)[^@]*@', '\1********@'),
    (SELECT string_agg(quote_ident(name), ', ' ORDER BY number) FROM unnest(subpublications) WITH ORDINALITY p (name, number)), coalesce(quote_literal(subslotname), 'NONE')),
    CASE WHEN (to_jsonb(s) ->> 'subbinary')::bool THEN ', binary = true' END,
    CASE to_jsonb(s) ->> 'substream' WHEN 't' THEN ', streaming = on' WHEN 'true' THEN ', streaming = on' WHEN 'p' THEN ', streaming = parallel' WHEN 'f' THEN CASE WHEN current_setting('server_version_num')::int >= 180000 THEN ', streaming = off' END END,
    CASE WHEN subsynccommit <> 'off' THEN format(', synchronous_commit = %L', subsynccommit) END,
    CASE WHEN to_jsonb(s) ->> 'subtwophasestate' <> 'd' THEN ', two_phase = on' END, CASE WHEN (to_jsonb(s) ->> 'subdisableonerr')::bool THEN ', disable_on_error = true' END,
    CASE WHEN NOT (to_jsonb(s) ->> 'subpasswordrequired')::bool THEN ', password_required = false' END, CASE WHEN (to_jsonb(s) ->> 'subrunasowner')::bool THEN ', run_as_owner = true' END,
    ', origin = ' || nullif(to_jsonb(s) ->> 'suborigin', 'any'), CASE WHEN (to_jsonb(s) ->> 'subfailover')::bool THEN ', failover = true' END, ');')
FROM pg_subscription s WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
