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
-- Relations are joined in the order of the queries, which begin with what selects the most: trying all orders takes longer
-- than reading a small schema.
SET LOCAL join_collapse_limit = 1;
SET LOCAL from_collapse_limit = 1;
