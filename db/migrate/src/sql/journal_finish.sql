UPDATE {journal}
SET finished_at = pg_catalog.clock_timestamp(), session = {session}
WHERE {condition};
