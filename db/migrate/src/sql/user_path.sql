-- The schemas of the user's `search_path`, which the next query needs after the path has been replaced.
SELECT pg_catalog.set_config('migrate.path', pg_catalog.current_schemas(false)::pg_catalog.text, false);
