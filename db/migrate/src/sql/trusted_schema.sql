-- The owner of the schema that the settings name is trusted, too. A schema with the name of the role may be in the path
-- by default.
  EXISTS (SELECT FROM pg_namespace n WHERE n.oid = relnamespace AND nspowner = relowner AND nspname <> session_user)
