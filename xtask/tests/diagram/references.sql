-- Every kind of reference: optional, unique, of several columns, to the table itself, in a circle, of partitions.
CREATE SCHEMA billing;
CREATE TABLE people (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email character varying(80) UNIQUE NOT NULL,
  born date,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  favorite_id bigint
);
COMMENT ON TABLE people IS 'Who can sign in';
COMMENT ON COLUMN people.born IS 'It''s optional \ private';
CREATE TABLE profiles (person_id bigint PRIMARY KEY REFERENCES people ON DELETE CASCADE, photo bytea);
CREATE TABLE nodes (
  tree integer, number integer, above integer, owner_id bigint NOT NULL REFERENCES people,
  editor_id bigint REFERENCES people,
  PRIMARY KEY (tree, number),
  FOREIGN KEY (tree, above) REFERENCES nodes (tree, number)
);
ALTER TABLE people ADD favorite_tree integer, ADD favorite integer;
ALTER TABLE people ADD FOREIGN KEY (favorite_tree, favorite) REFERENCES nodes;
CREATE TABLE measures (node_tree integer, node integer, at timestamp(3) without time zone NOT NULL,
  FOREIGN KEY (node_tree, node) REFERENCES nodes) PARTITION BY RANGE (at);
CREATE TABLE measures_2025 PARTITION OF measures FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE measures_2026 PARTITION OF measures FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE billing.invoices (number text PRIMARY KEY, person_id bigint NOT NULL UNIQUE REFERENCES people, total numeric(12,2));
CREATE TABLE lonely (a text, b text[], total integer GENERATED ALWAYS AS (length(a)) STORED);
CREATE VIEW names AS SELECT email FROM people;
