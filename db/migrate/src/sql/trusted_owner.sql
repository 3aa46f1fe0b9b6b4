relowner IN (
    -- The role that has logged in, and those that it can act as. Superusers are not members of every role here.
    WITH RECURSIVE own (role) AS (
      SELECT oid FROM pg_roles WHERE rolname = session_user
      UNION
      -- Before PostgreSQL 16, membership has no options.
      SELECT roleid FROM pg_auth_members m JOIN own ON member = role
      WHERE coalesce((to_jsonb(m) ->> 'inherit_option')::boolean OR (to_jsonb(m) ->> 'set_option')::boolean, true)
    )
    SELECT role FROM own
    UNION ALL SELECT datdba FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT oid FROM pg_roles WHERE rolsuper OR rolname = 'pg_database_owner'
  )