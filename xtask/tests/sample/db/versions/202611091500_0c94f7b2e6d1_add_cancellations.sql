-- add cancellations
--
-- Revision ID: 0c94f7b2e6d1
-- Revises: b94d2e60f713
-- Create Date: 2026-11-09T15:00:00Z
-- Branch Labels: cancellations

-- migrate:upgrade
ALTER TABLE bookings ADD COLUMN cancelled_at timestamptz;

-- For bookings cancelled before this column existed, the time is unknown. Use the start of the booking.
UPDATE bookings SET cancelled_at = lower(during) WHERE status = 'cancelled';

ALTER TABLE bookings ADD CONSTRAINT bookings_cancelled_at_check
  CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)) NOT VALID;

-- migrate:downgrade
ALTER TABLE bookings DROP CONSTRAINT bookings_cancelled_at_check;
ALTER TABLE bookings DROP COLUMN cancelled_at;
