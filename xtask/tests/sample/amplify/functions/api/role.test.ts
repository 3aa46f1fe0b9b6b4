// The role of the API has least privilege: exactly the rights that the API needs.

import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Database } from './testing/database';
import { ROWS } from './testing/rows';

let database: Database;
let api: pg.Client;

afterEach(() => api.query('ROLLBACK'));

beforeAll(async () => {
  database = await Database.create();
  await database.admin.query(ROWS);
  const { host, port } = database.admin;
  api = new pg.Client({ host, port, user: 'rooms_api', database: database.name, password: 'unused' });
  await api.connect();
});

afterAll(async () => {
  await api.end();
  await database.drop();
});

test('it is an ordinary role', async () => {
  const { rows } = await api.query(`
    SELECT session_user AS name, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
      ARRAY(SELECT roleid::regrole::text FROM pg_auth_members WHERE member = pg_roles.oid) AS member_of
    FROM pg_roles WHERE rolname = session_user`);
  const no = { rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false, rolbypassrls: false };
  expect(rows).toEqual([{ name: 'rooms_api', ...no, member_of: [] }]);
});

test.each(['rooms', 'equipment', 'room_equipment', 'members', 'bookings', 'alembic_version'])('it reads %s', async (table) => {
  await expect(api.query(`SELECT * FROM ${table}`)).resolves.toBeDefined();
});

test.each([
  'SELECT * FROM migration_log',
  'SELECT * FROM migration_journal',
  'SELECT * FROM room_calendar',
  'INSERT INTO rooms (name, floor, seats) VALUES (\'Coral\', 0, 1)',
  'INSERT INTO members (email, given_name) VALUES (\'eve@example.com\', \'Eve\')',
  'INSERT INTO alembic_version VALUES (\'ffffffffffff\')',
  'INSERT INTO bookings (room_id, member_id, during, created_at) SELECT room_id, member_id, during, now() FROM bookings',
  'UPDATE bookings SET note = NULL',
  'UPDATE rooms SET seats = 1',
  'DELETE FROM bookings',
  'DELETE FROM members',
  'TRUNCATE bookings',
  'SELECT * FROM rooms FOR UPDATE',
  'BEGIN; LOCK TABLE rooms IN SHARE MODE',
  'CREATE TABLE mine ()',
  'CREATE TEMPORARY VIEW mine AS SELECT * FROM migration_log; SELECT * FROM mine',
  'CREATE SCHEMA mine',
  'CREATE FUNCTION mine() RETURNS int LANGUAGE sql RETURN 1',
  'CREATE ROLE mine',
  'SET ROLE postgres',
  'COPY bookings TO PROGRAM \'cat\'',
  'COPY bookings TO \'/tmp/bookings\'',
])('it may not: %s', async (statement) => {
  await expect(api.query(statement)).rejects.toMatchObject({ code: '42501' });
});

test.each(['ALTER TABLE bookings DROP CONSTRAINT bookings_do_not_overlap', 'DROP TABLE rooms', 'DROP VIEW room_calendar', 'CREATE INDEX ON rooms (floor)'])(
  'it owns nothing: %s',
  async (statement) => {
    await expect(api.query(statement)).rejects.toMatchObject({ code: '42501' });
  },
);
