-- create bookings
--
-- Revision ID: d27a9e4c1b58
-- Revises: 8c5e17ab4f60
-- Create Date: 2026-11-03T10:00:00Z

-- migrate:upgrade
CREATE TYPE booking_status AS ENUM ('requested', 'confirmed', 'cancelled');

CREATE TABLE bookings (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  room_id bigint NOT NULL REFERENCES rooms (id) ON DELETE RESTRICT,
  member_id bigint NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  during tstzrange NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  status booking_status NOT NULL DEFAULT 'requested',
  note text,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- migrate:downgrade
DROP TABLE bookings;
DROP TYPE booking_status;
