-- expand: given and family names of members
--
-- First half of a pair: adds and fills the new columns while the current front end still writes `name`.
-- Run `cargo xtask db upgrade expand@heads` before publishing the front end.
--
-- Revision ID: c80b4f1e95a6
-- Revises: 94c3e07b5d18
-- Create Date: 2026-11-16T10:00:00Z
-- Branch Labels: expand

-- migrate:upgrade
ALTER TABLE members ADD COLUMN given_name text, ADD COLUMN family_name text;

CREATE FUNCTION split_member_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.given_name := coalesce(NEW.given_name, split_part(NEW.name, ' ', 1));
  NEW.family_name := coalesce(NEW.family_name, nullif(substr(NEW.name, length(split_part(NEW.name, ' ', 1)) + 2), ''));
  RETURN NEW;
END;
$$;
CREATE TRIGGER split_member_name BEFORE INSERT OR UPDATE OF name ON members
  FOR EACH ROW EXECUTE FUNCTION split_member_name();

UPDATE members SET name = name;

-- migrate:downgrade
DROP TRIGGER split_member_name ON members;
DROP FUNCTION split_member_name();
ALTER TABLE members DROP COLUMN given_name, DROP COLUMN family_name;
