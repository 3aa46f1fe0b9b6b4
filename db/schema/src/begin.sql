RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;
BEGIN READ ONLY;
-- Names are qualified unless they are in `public`, whatever the last revision has set.
SET LOCAL search_path = public;
-- Compiling the queries takes longer than running them.
SET LOCAL jit = off;
