-- Disables the timeouts of the role and the database, which could end the session during a pause or a statement of the
-- engine. Returns whether the database is read-only, and whether it is a standby. Until the first revision, policies
-- fail a query: those of a planted table would run with the privileges of this role.
SELECT string_agg(name, ' '), current_setting('transaction_read_only'), pg_is_in_recovery(), set_config('row_security', 'off', false)
FROM unnest(ARRAY['statement_timeout', 'lock_timeout', 'idle_session_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout']) AS name
WHERE CASE WHEN current_setting(name, true) <> '0' THEN set_config(name, '0', false) = '0' END;
