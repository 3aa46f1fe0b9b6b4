CREATE TABLE rooms (id bigint PRIMARY KEY, name text NOT NULL, floor integer, color text);
CREATE TABLE members (id bigint PRIMARY KEY, email text);
CREATE TABLE bookings (id bigint PRIMARY KEY, room_id bigint NOT NULL REFERENCES rooms, member_id bigint REFERENCES members, note text);
CREATE TABLE keys (room_id bigint PRIMARY KEY REFERENCES rooms, code text);
CREATE TABLE ratings (booking_id bigint REFERENCES bookings, stars integer);
CREATE TABLE unrelated (id bigint PRIMARY KEY);
=>
CREATE TABLE rooms (id bigint PRIMARY KEY, name text NOT NULL, floor smallint NOT NULL, seats integer DEFAULT 1);
CREATE TABLE members (id bigint PRIMARY KEY, email text);
CREATE TABLE bookings (id bigint PRIMARY KEY, room_id bigint NOT NULL REFERENCES rooms ON DELETE CASCADE, member_id bigint, note text);
CREATE TABLE ratings (booking_id bigint REFERENCES bookings, stars integer);
CREATE TABLE equipment (code text PRIMARY KEY, room_id bigint REFERENCES rooms);
CREATE TABLE unrelated (id bigint PRIMARY KEY);
