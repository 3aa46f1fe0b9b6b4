SET statement_timeout = 0\; SET lock_timeout = 0\; SET idle_in_transaction_session_timeout = 0\;
-- Servers before 14 and 17 do not have these.
DO $$BEGIN PERFORM pg_catalog.set_config(name, '0', false) FROM pg_catalog.unnest(ARRAY['idle_session_timeout', 'transaction_timeout']) AS name WHERE pg_catalog.current_setting(name, true) OPERATOR(pg_catalog.<>) '0'; END$$;
