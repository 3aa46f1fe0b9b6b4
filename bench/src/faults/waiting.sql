-- The session that is waiting for the locked table.
SELECT pid
FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%ALTER TABLE held%'
