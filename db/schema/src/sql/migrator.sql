-- The role that migrates: the owner of the engine's tables, or else the current role.
SELECT coalesce((SELECT relowner FROM pg_class WHERE oid = ANY (ARRAY[{except}]::oid[]) LIMIT 1), (SELECT oid FROM pg_roles WHERE rolname = current_user))
