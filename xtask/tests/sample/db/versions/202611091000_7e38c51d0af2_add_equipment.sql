-- add equipment
--
-- Revision ID: 7e38c51d0af2
-- Revises: b94d2e60f713
-- Create Date: 2026-11-09T10:00:00Z
-- Branch Labels: equipment

-- migrate:upgrade
CREATE TABLE equipment (
  code text PRIMARY KEY,
  name text NOT NULL
);
COPY equipment (code, name) FROM STDIN;
projector	Projector
screen	Screen
whiteboard	Whiteboard
phone	Conference phone
\.

CREATE TABLE room_equipment (
  room_id bigint NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
  code text NOT NULL REFERENCES equipment (code),
  PRIMARY KEY (room_id, code)
);

-- migrate:downgrade
DROP TABLE room_equipment;
DROP TABLE equipment;
