// The rows of a database for the tests.

/** Rooms, members and bookings for the tests. */
export const ROWS = `
  INSERT INTO rooms (name, floor, seats) VALUES ('Baltic', 0, 4), ('Adriatic', 3, 12);
  INSERT INTO room_equipment (room_id, code) SELECT id, 'whiteboard' FROM rooms WHERE name = 'Baltic';
  INSERT INTO room_equipment (room_id, code) SELECT id, 'screen' FROM rooms WHERE name = 'Baltic';
  INSERT INTO members (email, given_name, family_name) VALUES ('ada@example.com', 'Ada', 'Lovelace');
  INSERT INTO bookings (room_id, member_id, during, status, cancelled_at)
  SELECT rooms.id, members.id, tstzrange(start::timestamptz, start::timestamptz + interval '1 hour'), status::booking_status,
    CASE WHEN status = 'cancelled' THEN now() END
  FROM rooms, members, (VALUES
    ('2026-11-23T09:00Z', 'confirmed'), ('2026-11-23T10:00Z', 'requested'), ('2026-11-24T09:00Z', 'cancelled')
  ) AS booking (start, status)
  WHERE rooms.name = 'Baltic';
`;
