RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;
-- All queries see one state of the catalog.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
-- Names in the queries are resolved in `pg_catalog` only, whatever the last revision has set.
SET LOCAL search_path = pg_catalog, pg_temp;
-- All rows of a cursor are fetched.
SET LOCAL cursor_tuple_fraction = 1;
-- Compiling the queries takes longer than running them.
SET LOCAL jit = off;
-- A large schema is joined in memory.
SET LOCAL work_mem = '64MB';
