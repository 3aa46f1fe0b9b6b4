(CASE WHEN pg_try_advisory_xact_lock({key}) THEN '1' ELSE '{lost}' END)::integer, pg_advisory_unlock_all(), pg_advisory_lock({key})
