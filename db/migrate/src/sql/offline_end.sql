RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;
SELECT pg_catalog.pg_advisory_unlock(:migrate_key) AS migrate_unlocked
\gset
SET client_min_messages = error;
