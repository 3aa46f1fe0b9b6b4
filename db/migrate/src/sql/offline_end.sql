RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;
DO $$BEGIN PERFORM pg_catalog.pg_advisory_unlock({key}); END$$;
SET client_min_messages = error;
