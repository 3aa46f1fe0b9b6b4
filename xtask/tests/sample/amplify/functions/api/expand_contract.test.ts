// The function is replaced between the two revisions of a pair: the old one runs on the schema after expand, the new one on
// the schema after expand and after contract.

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { get, post } from './testing/call';
import { Database } from './testing/database';

const WEEK = '/api/calendar?from=2026-11-23T00:00:00Z&to=2026-11-30T00:00:00Z';
const before = async () => {
  vi.doMock('./calendar', () => import('./testing/calendar_before_expand'));
  return container();
};
const today = async () => {
  vi.doUnmock('./calendar');
  return container();
};

const open: (() => Promise<void>)[] = [];

/** A container of the function, with its own modules and therefore its own connection. */
async function container() {
  vi.resetModules();
  const { handler } = await import('./handler');
  open.push((await import('./database')).close);
  return handler;
}

let database: Database;

beforeAll(async () => {
  database = await Database.create('94c3e07b5d18');
  await database.admin.query(`
    INSERT INTO rooms (name, floor, seats) VALUES ('Baltic', 0, 4);
    INSERT INTO members (email, name) VALUES ('ada@example.com', 'Ada Lovelace');
    INSERT INTO bookings (room_id, member_id, during)
    SELECT rooms.id, members.id, tstzrange('2026-11-23T09:00Z', '2026-11-23T10:00Z') FROM rooms, members`);
  for (const [name, value] of Object.entries(database.environment())) {
    vi.stubEnv(name, value);
  }
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

afterAll(() => database.drop());

type Handler = Awaited<ReturnType<typeof container>>;

/** Everything that the function does, with a booking of this hour. */
async function works(handler: Handler, hour: string) {
  const { rooms } = (await get(handler, '/api/rooms')).body;
  const booking = { room: rooms[0].id, email: 'ada@example.com', start: `2026-11-24T${hour}:00:00Z`, end: `2026-11-24T${hour}:30:00Z` };
  expect((await post(handler, '/api/bookings', booking)).status).toBe(201);
  expect((await post(handler, '/api/bookings', booking)).status).toBe(409);
  const calendar = await get(handler, WEEK);
  expect(calendar.status).toBe(200);
  expect(calendar.body.rooms[0].bookings).toContainEqual(
    { id: expect.any(String), start: '2026-11-23T09:00:00Z', end: '2026-11-23T10:00:00Z', by: 'Ada' },
  );
}

/** The pair changes the calendar. */
const fails = async (handler: Handler) => expect((await get(handler, WEEK)).status).toBe(500);

describe.sequential('the pair', () => {
  test('before expand, only the old function works', async () => {
    await works(await before(), '08');
    await fails(await today());
  });

  test('after expand, both do', async () => {
    database.upgrade('expand@heads');
    await works(await before(), '09');
    await works(await today(), '10');
  });

  test('after contract, only the new one does', async () => {
    database.upgrade('contract@heads');
    await works(await today(), '11');
    await fails(await before());
  });
});
