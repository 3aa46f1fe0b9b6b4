-- create rooms
--
-- Revision ID: 3f1b6c0d2a94
-- Revises:
-- Create Date: 2026-11-02T09:00:00Z
-- Lint: allow prefer-bigint-over-int (floors and seats are small numbers)

-- migrate:upgrade
CREATE TABLE rooms (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE CHECK (name <> ''),
  floor integer NOT NULL,
  seats integer NOT NULL CHECK (seats > 0),
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE rooms IS 'What can be booked';

-- migrate:downgrade
DROP TABLE rooms;
