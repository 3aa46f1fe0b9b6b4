CREATE OR REPLACE AGGREGATE "My app".total(int) (SFUNC = int4pl, STYPE = int, INITCOND = 0);
