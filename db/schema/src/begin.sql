RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;
BEGIN READ ONLY;
-- Names are shown as `public` shows them, whatever the last revision left behind.
SET LOCAL search_path = public;
-- Compiling the queries would take longer than running them.
SET LOCAL jit = off;
