CREATE OR REPLACE FUNCTION "My app".of(t "My app"."T") RETURNS bigint LANGUAGE sql RETURN t.id;
COMMENT ON FUNCTION "My app".of IS 'x';
