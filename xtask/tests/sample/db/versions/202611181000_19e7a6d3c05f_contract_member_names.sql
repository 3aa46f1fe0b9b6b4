-- contract: given and family names of members
--
-- Second half of a pair: nothing writes `name` anymore.
-- Run `cargo xtask db upgrade contract@heads` after publishing the front end.
--
-- Revision ID: 19e7a6d3c05f
-- Revises: 94c3e07b5d18
-- Create Date: 2026-11-18T10:00:00Z
-- Depends On: c80b4f1e95a6
-- Branch Labels: contract
-- Lint: allow ban-drop-column (the front end that read `name` has been replaced when this runs)
-- Lint: allow ban-drop-function (only the trigger calls it)
-- Lint: allow adding-not-nullable-field (members is small: the scan takes milliseconds)

-- migrate:upgrade
DROP TRIGGER split_member_name ON members;
DROP FUNCTION split_member_name();
ALTER TABLE members ALTER COLUMN given_name SET NOT NULL;
ALTER TABLE members DROP COLUMN name;

-- migrate:downgrade
ALTER TABLE members ADD COLUMN name text;
UPDATE members SET name = concat_ws(' ', given_name, family_name);
ALTER TABLE members ALTER COLUMN name SET NOT NULL;
ALTER TABLE members ALTER COLUMN given_name DROP NOT NULL;

CREATE FUNCTION split_member_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.given_name := coalesce(NEW.given_name, split_part(NEW.name, ' ', 1));
  NEW.family_name := coalesce(NEW.family_name, nullif(substr(NEW.name, length(split_part(NEW.name, ' ', 1)) + 2), ''));
  RETURN NEW;
END;
$$;
CREATE TRIGGER split_member_name BEFORE INSERT OR UPDATE OF name ON members
  FOR EACH ROW EXECUTE FUNCTION split_member_name();
