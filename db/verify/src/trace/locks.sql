-- The locks on relations that a session holds or waits for.
SELECT relation, mode, granted
FROM pg_locks
WHERE pid = {backend} AND locktype = 'relation'
