-- Development data. `cargo xtask dev` runs this after every migration, so it must be safe to run repeatedly.
INSERT INTO rooms (name, floor, seats) VALUES ('Baltic', 0, 4), ('Adriatic', 3, 12), ('Aegean', 3, 6)
ON CONFLICT (name) DO NOTHING;

INSERT INTO members (email, given_name, family_name) VALUES
  ('ada@example.com', 'Ada', 'Lovelace'), ('grace@example.com', 'Grace', 'Hopper'), ('plato@example.com', 'Plato', NULL)
ON CONFLICT ((lower(email))) DO NOTHING;

INSERT INTO room_equipment (room_id, code)
SELECT rooms.id, equipment.code FROM rooms JOIN equipment ON equipment.code IN ('screen', 'whiteboard')
ON CONFLICT DO NOTHING;

INSERT INTO bookings (room_id, member_id, during, status)
SELECT rooms.id, members.id, tstzrange('2026-11-23 09:00+00', '2026-11-23 10:00+00'), 'confirmed'
FROM rooms JOIN members ON members.email = 'ada@example.com'
WHERE rooms.name = 'Baltic' AND NOT EXISTS (SELECT FROM bookings WHERE room_id = rooms.id);
