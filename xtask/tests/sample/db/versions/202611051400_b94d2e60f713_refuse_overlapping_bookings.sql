-- refuse overlapping bookings
--
-- A trigger, because an exclusion constraint would need the btree_gist extension.
--
-- Revision ID: b94d2e60f713
-- Revises: 61f0b83d9c27
-- Create Date: 2026-11-05T14:00:00Z

-- migrate:upgrade
CREATE FUNCTION refuse_overlapping_booking() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
  -- One booking of a room at a time: two that are made at once would not see each other.
  PERFORM 1 FROM rooms WHERE id = NEW.room_id FOR UPDATE;
  IF EXISTS (
    SELECT FROM bookings
    WHERE room_id = NEW.room_id AND id <> NEW.id AND status <> 'cancelled' AND during && NEW.during
  ) THEN
    RAISE EXCEPTION 'room % is taken during %', NEW.room_id, NEW.during USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NEW;
END;
$function$;

CREATE TRIGGER refuse_overlapping_booking
  BEFORE INSERT OR UPDATE OF room_id, during, status ON bookings
  FOR EACH ROW WHEN (NEW.status <> 'cancelled')
  EXECUTE FUNCTION refuse_overlapping_booking();

-- migrate:downgrade
DROP TRIGGER refuse_overlapping_booking ON bookings;
DROP FUNCTION refuse_overlapping_booking();
