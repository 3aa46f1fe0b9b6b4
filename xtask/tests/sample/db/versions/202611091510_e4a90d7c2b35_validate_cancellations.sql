-- validate cancellations
--
-- A separate transaction, because validating alone needs only a lock that allows reads and writes.
--
-- Revision ID: e4a90d7c2b35
-- Revises: 0c94f7b2e6d1
-- Create Date: 2026-11-09T15:10:00Z

-- migrate:upgrade
ALTER TABLE bookings VALIDATE CONSTRAINT bookings_cancelled_at_check;

-- migrate:downgrade
ALTER TABLE bookings DROP CONSTRAINT bookings_cancelled_at_check;
ALTER TABLE bookings ADD CONSTRAINT bookings_cancelled_at_check
  CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)) NOT VALID;
