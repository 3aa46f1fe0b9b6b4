// The API on a real PostgreSQL, as its role.

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { close } from './database';
import { handler } from './handler';
import { type Answer, answer, event, get, post } from './testing/call';
import { Database } from './testing/database';
import { ROWS } from './testing/rows';

let database: Database;
/** The ids of the rooms by name. */
let ids: Record<string, string>;

beforeAll(async () => {
  database = await Database.create();
  await database.admin.query(ROWS);
  const { rows } = await database.admin.query('SELECT name, id FROM rooms');
  ids = Object.fromEntries(rows.map(({ name, id }) => [name, id]));
  for (const [name, value] of Object.entries(database.environment())) {
    vi.stubEnv(name, value);
  }
});

afterAll(async () => {
  await close();
  await database.drop();
});

/** The sessions of the API in the database. */
const SESSIONS = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'rooms_api'`;

const booking = (start: string, end: string, more = {}) => ({ room: ids['Baltic'], email: 'ada@example.com', start, end, ...more });
const book = (start: string, end: string, more = {}): Promise<Answer> => post(handler, '/api/bookings', booking(start, end, more));

test('health names the heads', async () => {
  expect(await get(handler, '/api/health')).toMatchObject({ status: 200, body: { status: 'ok', heads: ['19e7a6d3c05f'] } });
});

test('rooms come with their equipment', async () => {
  const { status, headers, body } = await get(handler, '/api/%72ooms');
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  expect(body).toEqual({
    rooms: [
      { id: ids['Adriatic'], name: 'Adriatic', floor: 3, seats: 12, equipment: [] },
      {
        id: ids['Baltic'], name: 'Baltic', floor: 0, seats: 4,
        equipment: [{ code: 'screen', name: 'Screen' }, { code: 'whiteboard', name: 'Whiteboard' }],
      },
    ],
  });
});

test('HEAD has no body', async () => {
  expect(await handler(event('HEAD', '/api/rooms'))).toMatchObject({ statusCode: 200, body: '' });
});

describe('the calendar', () => {
  test('has what is booked and what is free', async () => {
    const { status, body } = await get(handler, '/api/calendar?from=2026-11-23T00:00:00Z&to=2026-11-25T00:00:00Z');
    expect(status).toBe(200);
    const [adriatic, baltic] = body.rooms;
    expect(body).toMatchObject({ from: '2026-11-23T00:00:00Z', to: '2026-11-25T00:00:00Z' });
    expect(adriatic).toEqual({
      id: ids['Adriatic'], name: 'Adriatic', bookings: [], free: [{ start: '2026-11-23T00:00:00Z', end: '2026-11-25T00:00:00Z' }],
    });
    expect(baltic.bookings).toEqual([
      { id: expect.stringMatching(/^\d+$/), start: '2026-11-23T09:00:00Z', end: '2026-11-23T10:00:00Z', by: 'Ada' },
      { id: expect.stringMatching(/^\d+$/), start: '2026-11-23T10:00:00Z', end: '2026-11-23T11:00:00Z', by: 'Ada' },
    ]);
    expect(baltic.free).toEqual([
      { start: '2026-11-23T00:00:00Z', end: '2026-11-23T09:00:00Z' },
      { start: '2026-11-23T11:00:00Z', end: '2026-11-25T00:00:00Z' },
    ]);
  });

  test('shows a booking that only partly lies in the period, and no free time that does not', async () => {
    const { body } = await get(handler, '/api/calendar?from=2026-11-23T10:30:00+01:00&to=2026-11-23T10:45:00%2B01:00');
    expect(body).toMatchObject({ from: '2026-11-23T09:30:00Z', to: '2026-11-23T09:45:00Z' });
    expect(body.rooms[1]).toMatchObject({ bookings: [{ start: '2026-11-23T09:00:00Z' }], free: [] });
  });
});

describe('a booking', () => {
  test('is made, in UTC', async () => {
    const { status, headers, body } = await book('2026-11-26T09:00:00+02:00', '2026-11-26T07:30:00Z', { note: ' with tea ' });
    expect(status).toBe(201);
    expect(headers['location']).toBe(`/api/bookings/${body.id}`);
    expect(body).toEqual({ id: body.id, room: ids['Baltic'], start: '2026-11-26T07:00:00Z', end: '2026-11-26T07:30:00Z' });
    const { rows } = await database.admin.query(
      'SELECT email, note, status, lower(during) AS start FROM bookings JOIN members ON members.id = member_id WHERE bookings.id = $1', [body.id],
    );
    expect(rows).toEqual([{ email: 'ada@example.com', note: 'with tea', status: 'confirmed', start: new Date('2026-11-26T07:00:00Z') }]);
  });

  test('that overlaps others is refused, and they are named', async () => {
    expect(await book('2026-11-23T09:30:00Z', '2026-11-23T10:30:00Z')).toMatchObject({
      status: 409,
      headers: { 'content-type': 'application/problem+json' },
      body: {
        type: '/problems/room-taken',
        title: 'The room is taken',
        status: 409,
        detail: 'Baltic is already booked from 2026-11-23T09:00:00Z to 2026-11-23T10:00:00Z and from 2026-11-23T10:00:00Z to 2026-11-23T11:00:00Z',
        constraint: 'bookings_do_not_overlap',
        bookings: [
          { start: '2026-11-23T09:00:00Z', end: '2026-11-23T10:00:00Z' },
          { start: '2026-11-23T10:00:00Z', end: '2026-11-23T11:00:00Z' },
        ],
      },
    });
  });

  test('may touch others, be in another room, and replace a cancelled one', async () => {
    expect((await book('2026-11-23T08:00:00Z', '2026-11-23T09:00:00Z')).status).toBe(201);
    expect((await book('2026-11-23T09:00:00Z', '2026-11-23T10:00:00Z', { room: ids['Adriatic'] })).status).toBe(201);
    expect((await book('2026-11-24T09:00:00Z', '2026-11-24T10:00:00Z', { email: 'ADA@example.com', note: '' })).status).toBe(201);
  });

  test('of an unknown room or by an unknown member is refused', async () => {
    const { status, body } = await book('2027-01-01T09:00:00Z', '2027-01-01T10:00:00Z', { room: '9223372036854775807', email: 'eve@example.com' });
    expect([status, body.errors]).toEqual([422, [
      { path: 'room', message: 'there is no such room' },
      { path: 'email', message: 'there is no such member' },
    ]]);
  });

  test('base64 and UTF-8 are decoded', async () => {
    const body = Buffer.from(JSON.stringify(booking('2026-11-27T09:00:00Z', '2026-11-27T10:00:00Z', { note: 'Nguyễn 🪑' }))).toString('base64');
    const made = answer(await handler({ ...event('POST', '/api/bookings', body, { 'content-type': 'application/json' }), isBase64Encoded: true }));
    const { rows } = await database.admin.query('SELECT note FROM bookings WHERE id = $1', [made.body.id]);
    expect([made.status, rows]).toEqual([201, [{ note: 'Nguyễn 🪑' }]]);
  });

  test('of one hour by several containers at once succeeds once', async () => {
    const containers = await Promise.all([1, 2, 3, 4].map(async () => {
      vi.resetModules();
      return { ...(await import('./handler')), ...(await import('./database')) };
    }));
    for (let hour = 0; hour < 20; hour += 1) {
      const time = (offset: number) => new Date(Date.UTC(2027, 0, 1, hour + offset)).toISOString();
      const answers = await Promise.all(containers.map((container) => post(container.handler, '/api/bookings', booking(time(0), time(1)))));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    }
    await Promise.all(containers.map((container) => container.close()));
  });
});

describe('a booking that waits for another one', () => {
  const insert = (start: string, end: string) =>
    database.admin.query(
      `INSERT INTO bookings (room_id, member_id, during)
       SELECT rooms.id, members.id, tstzrange($1, $2) FROM rooms, members WHERE rooms.name = 'Baltic'`,
      [start, end],
    );
  const isWaiting = async () => {
    // A transaction keeps its snapshot of the other sessions.
    await database.admin.query('SELECT pg_stat_clear_snapshot()');
    return (await database.admin.query(`${SESSIONS} AND wait_event_type = 'Lock'`)).rowCount === 1;
  };

  beforeEach(() => database.admin.query(`SET deadlock_timeout = '1min'; BEGIN`));

  test('and that one for it is refused, not broken off', async () => {
    await insert('2026-11-29T09:00:00Z', '2026-11-29T10:00:00Z');
    const answer = book('2026-11-29T09:30:00Z', '2026-11-29T10:30:00Z');
    await vi.waitUntil(isWaiting, { timeout: 15_000 });
    // Now each waits for the other. PostgreSQL cancels the first one to check for a deadlock.
    await insert('2026-11-29T10:00:00Z', '2026-11-29T11:00:00Z');
    await database.admin.query('COMMIT');
    expect(await answer).toMatchObject({ status: 409, body: { bookings: [{}, { start: '2026-11-29T10:00:00Z' }] } });
  });

  test('and then has no member is refused', async () => {
    const grace = `'grace@example.com'`;
    await database.admin.query(`INSERT INTO members (email, given_name) VALUES (${grace}, 'Grace')`);
    await database.admin.query('COMMIT');
    await database.admin.query(`BEGIN; DELETE FROM members WHERE email = ${grace}`);
    const answer = book('2026-12-20T09:00:00Z', '2026-12-20T10:00:00Z', { email: 'grace@example.com' });
    await vi.waitUntil(isWaiting, { timeout: 15_000 });
    await database.admin.query('COMMIT');
    expect(await answer).toMatchObject({ status: 422, body: { errors: [{ path: 'email' }] } });
  });

  test('and loses its connection is not tried again', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    await insert('2026-11-30T09:00:00Z', '2026-11-30T10:00:00Z');
    const answer = book('2026-11-30T09:00:00Z', '2026-11-30T10:00:00Z');
    await vi.waitUntil(isWaiting, { timeout: 15_000 });
    await database.admin.query(`SELECT pg_terminate_backend(pid) FROM (${SESSIONS}) AS session`);
    expect((await answer).status).toBe(503);
    await database.admin.query('ROLLBACK');
    const { body } = await get(handler, '/api/calendar?from=2026-11-30T00:00:00Z&to=2026-12-01T00:00:00Z');
    expect(body.rooms[1].bookings).toEqual([]);
    logged.mockRestore();
  });
});

describe('a connection', () => {
  test('is one for each container, of the role of the API', async () => {
    await Promise.all([get(handler, '/api/rooms'), get(handler, '/api/rooms'), get(handler, '/api/health')]);
    expect((await database.admin.query(SESSIONS)).rowCount).toBe(1);
  });

  test('that was lost is made again', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const kill = () => database.admin.query(`SELECT pg_terminate_backend(pid, 5000) FROM (${SESSIONS}) AS session`);
    await kill();
    expect((await get(handler, '/api/rooms')).status).toBe(200);
    await kill();
    expect((await book('2026-11-28T09:00:00Z', '2026-11-28T10:00:00Z')).status).toBe(201);
    expect(logged.mock.calls.every(([line]) => JSON.parse(String(line)).level === 'warn')).toBe(true);
    logged.mockRestore();
  });

  test('survives a refused booking', async () => {
    const before = (await database.admin.query(SESSIONS)).rows;
    expect((await book('2026-11-23T09:00:00Z', '2026-11-23T10:00:00Z')).status).toBe(409);
    expect((await database.admin.query(SESSIONS)).rows).toEqual(before);
  });

  test('does not wait for ever', { timeout: 20_000 }, async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    await database.admin.query('BEGIN; LOCK TABLE rooms');
    try {
      expect(await get(handler, '/api/rooms')).toMatchObject({ status: 503, headers: { 'retry-after': '15' } });
    } finally {
      await database.admin.query('ROLLBACK');
    }
    expect(JSON.parse(String(logged.mock.calls[0]?.[0]))).toMatchObject({ error: { code: '57014' } });
    logged.mockRestore();
    expect((await get(handler, '/api/rooms')).status).toBe(200);
  });

  test('shows nothing of an unexpected error', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    await database.admin.query('ALTER TABLE rooms RENAME COLUMN seats TO chairs');
    const { status, body } = await get(handler, '/api/rooms');
    await database.admin.query('ALTER TABLE rooms RENAME COLUMN chairs TO seats');
    expect([status, body]).toEqual([500, {
      type: '/problems/internal-error', title: 'Internal error', status: 500, detail: 'The request could not be served.',
    }]);
    expect(JSON.parse(String(logged.mock.calls[0]?.[0]))).toMatchObject({ status: 500, error: { code: '42703' } });
    logged.mockRestore();
  });
});
