-- index bookings by room and time
--
-- Built concurrently: the table is in use, and a plain CREATE INDEX would block bookings while it runs.
--
-- Revision ID: 61f0b83d9c27
-- Revises: d27a9e4c1b58
-- Create Date: 2026-11-04T11:00:00Z
-- Transaction: off

-- migrate:upgrade
CREATE INDEX CONCURRENTLY bookings_room_id_during_idx ON bookings USING btree (room_id, lower(during));
CREATE INDEX CONCURRENTLY bookings_member_id_idx ON bookings (member_id);

-- migrate:downgrade
DROP INDEX CONCURRENTLY bookings_member_id_idx;
DROP INDEX CONCURRENTLY bookings_room_id_during_idx;
