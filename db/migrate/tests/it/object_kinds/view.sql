CREATE OR REPLACE VIEW "My app"."V" AS SELECT id FROM "My app"."T";
ALTER VIEW "My app"."V" SET (security_barrier);
