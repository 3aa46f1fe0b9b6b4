CREATE POLICY "own rows" ON "My app"."T" USING (id > 0);
