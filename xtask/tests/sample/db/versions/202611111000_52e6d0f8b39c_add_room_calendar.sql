-- add room calendar
--
-- Revision ID: 52e6d0f8b39c
-- Revises: a15d83c9e47b
-- Create Date: 2026-11-11T10:00:00Z

-- migrate:upgrade
CREATE VIEW room_calendar AS
SELECT rooms.id AS room_id, rooms.name AS room, bookings.id AS booking_id, bookings.during, bookings.status
FROM rooms
LEFT JOIN bookings ON bookings.room_id = rooms.id AND bookings.status <> 'cancelled';
COMMENT ON VIEW room_calendar IS 'Every room with its bookings that stand';

-- migrate:downgrade
DROP VIEW room_calendar;
