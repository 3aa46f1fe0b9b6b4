-- Development data. `cargo xtask dev` runs this after every migration, so it must be safe to run repeatedly.
INSERT INTO rooms (name, floor, seats) VALUES
  ('Baltic', 0, 4), ('Adriatic', 3, 12), ('Aegean', 3, 6), ('Caspian', 1, 2), ('Coral', 1, 30)
ON CONFLICT (name) DO NOTHING;

INSERT INTO members (email, given_name, family_name) VALUES
  ('ada@example.com', 'Ada', 'Lovelace'), ('grace@example.com', 'Grace', 'Hopper'), ('plato@example.com', 'Plato', NULL),
  ('nguyen@example.com', 'Nguyễn', 'Thị Minh Khai')
ON CONFLICT ((lower(email))) DO NOTHING;

INSERT INTO room_equipment (room_id, code)
SELECT rooms.id, fitted.code
FROM (VALUES
  ('Baltic', 'screen'), ('Baltic', 'whiteboard'),
  ('Adriatic', 'screen'), ('Adriatic', 'whiteboard'), ('Adriatic', 'projector'), ('Adriatic', 'phone'),
  ('Aegean', 'screen'), ('Aegean', 'phone'),
  ('Coral', 'projector'), ('Coral', 'screen')
) AS fitted (room, code)
JOIN rooms ON rooms.name = fitted.room
ON CONFLICT DO NOTHING;

-- Bookings of the current week; `weekday` counts from Monday. A booking that overlaps an existing one is skipped.
INSERT INTO bookings (room_id, member_id, during, status, note)
SELECT rooms.id, members.id, tstzrange(day + opening, day + closing), status::booking_status, note
FROM (VALUES
  ('Baltic', 'ada@example.com', 0, interval '9:00', interval '10:00', 'confirmed', 'planning'),
  ('Baltic', 'grace@example.com', 0, '10:00', '10:30', 'requested', NULL),
  ('Baltic', 'ada@example.com', 2, '9:00', '10:00', 'confirmed', NULL),
  ('Baltic', 'plato@example.com', 4, '15:00', '17:00', 'confirmed', 'with chairs in a circle'),
  ('Adriatic', 'grace@example.com', 1, '13:00', '16:00', 'confirmed', 'compilers'),
  ('Adriatic', 'nguyen@example.com', 3, '8:30', '12:00', 'confirmed', NULL),
  ('Aegean', 'nguyen@example.com', 0, '14:00', '15:00', 'confirmed', NULL),
  ('Aegean', 'plato@example.com', 2, '11:00', '12:30', 'requested', NULL),
  ('Caspian', 'ada@example.com', 3, '16:00', '16:45', 'confirmed', NULL),
  ('Coral', 'grace@example.com', 4, '9:00', '18:00', 'confirmed', 'all hands')
) AS booking (room, email, weekday, opening, closing, status, note)
JOIN rooms ON rooms.name = booking.room
JOIN members ON members.email = booking.email
CROSS JOIN LATERAL (SELECT date_trunc('week', now(), 'UTC') + weekday * interval '24 hours' AS day) AS week
ON CONFLICT DO NOTHING;
