-- The schema that the revisions make, as PostgreSQL 17 shows it.
-- `cargo xtask db dump` writes this file, `cargo xtask test db` compares it.
-- Heads: 19e7a6d3c05f

SET check_function_bodies = off;
SET search_path = public;

CREATE TYPE booking_status AS ENUM (
  'requested',
  'confirmed',
  'cancelled'
);

CREATE TABLE equipment (
  code text NOT NULL,
  name text NOT NULL,
  CONSTRAINT equipment_pkey PRIMARY KEY (code)
);
GRANT SELECT ON TABLE equipment TO rooms_api;

CREATE TABLE members (
  id bigint GENERATED ALWAYS AS IDENTITY,
  email text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  given_name text NOT NULL,
  family_name text,
  CONSTRAINT members_pkey PRIMARY KEY (id),
  CONSTRAINT members_email_check CHECK (email ~~ '%_@_%'::text)
);
GRANT SELECT ON TABLE members TO rooms_api;
CREATE UNIQUE INDEX members_email_key ON members USING btree (lower(email));

CREATE TABLE rooms (
  id bigint GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL,
  floor integer NOT NULL,
  seats integer NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT rooms_pkey PRIMARY KEY (id),
  CONSTRAINT rooms_name_check CHECK (name <> ''::text),
  CONSTRAINT rooms_name_key UNIQUE (name),
  CONSTRAINT rooms_seats_check CHECK (seats > 0)
);
COMMENT ON TABLE rooms IS 'What can be booked';
GRANT SELECT ON TABLE rooms TO rooms_api;

CREATE TABLE bookings (
  id bigint GENERATED ALWAYS AS IDENTITY,
  room_id bigint NOT NULL,
  member_id bigint NOT NULL,
  during tstzrange NOT NULL,
  status booking_status DEFAULT 'requested'::booking_status NOT NULL,
  note text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  cancelled_at timestamp with time zone,
  CONSTRAINT bookings_pkey PRIMARY KEY (id),
  CONSTRAINT bookings_cancelled_at_check CHECK ((status = 'cancelled'::booking_status) = (cancelled_at IS NOT NULL)),
  CONSTRAINT bookings_do_not_overlap EXCLUDE USING gist (int8range(room_id, room_id, '[]'::text) WITH &&, during WITH &&) WHERE (status <> 'cancelled'::booking_status),
  CONSTRAINT bookings_during_check CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during))
);
GRANT SELECT ON TABLE bookings TO rooms_api;
GRANT INSERT (room_id) ON TABLE bookings TO rooms_api;
GRANT INSERT (member_id) ON TABLE bookings TO rooms_api;
GRANT INSERT (during) ON TABLE bookings TO rooms_api;
GRANT INSERT (status) ON TABLE bookings TO rooms_api;
GRANT INSERT (note) ON TABLE bookings TO rooms_api;
ALTER TABLE bookings ADD CONSTRAINT bookings_member_id_fkey FOREIGN KEY (member_id) REFERENCES members(id) ON DELETE CASCADE;
ALTER TABLE bookings ADD CONSTRAINT bookings_room_id_fkey FOREIGN KEY (room_id) REFERENCES rooms(id) ON DELETE RESTRICT;
CREATE INDEX bookings_member_id_idx ON bookings USING btree (member_id);
CREATE INDEX bookings_room_id_during_idx ON bookings USING btree (room_id, lower(during));

CREATE TABLE room_equipment (
  room_id bigint NOT NULL,
  code text NOT NULL,
  CONSTRAINT room_equipment_pkey PRIMARY KEY (room_id, code)
);
GRANT SELECT ON TABLE room_equipment TO rooms_api;
ALTER TABLE room_equipment ADD CONSTRAINT room_equipment_code_fkey FOREIGN KEY (code) REFERENCES equipment(code);
ALTER TABLE room_equipment ADD CONSTRAINT room_equipment_room_id_fkey FOREIGN KEY (room_id) REFERENCES rooms(id) ON DELETE CASCADE;

CREATE VIEW room_calendar AS
 SELECT rooms.id AS room_id,
    rooms.name AS room,
    bookings.id AS booking_id,
    bookings.during,
    bookings.status
   FROM rooms
     LEFT JOIN bookings ON bookings.room_id = rooms.id AND bookings.status <> 'cancelled'::booking_status;
COMMENT ON VIEW room_calendar IS 'Every room with its bookings that stand';
