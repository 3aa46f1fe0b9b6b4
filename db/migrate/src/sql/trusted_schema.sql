-- Of the schema that the settings name, the owner is trusted, too. One with the name of the role may be in the path by itself.
  EXISTS (SELECT FROM pg_namespace n WHERE n.oid = relnamespace AND nspowner = relowner AND nspname <> session_user)
