// The responses of the handler without a database.

import { type AddressInfo, type Socket, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { close } from './database';
import { handler } from './handler';
import { answer, event, get, post } from './testing/call';

const JSON_TYPE = { 'content-type': 'application/json' };
const BOOKING = { room: '1', email: 'ada@example.com', start: '2026-11-23T09:00:00Z', end: '2026-11-23T10:00:00Z' };

const logged = vi.spyOn(console, 'error');

beforeEach(() => {
  logged.mockReset().mockImplementation(() => {});
  vi.stubEnv('PGHOST', '/nowhere');
  vi.stubEnv('PGDATABASE', 'postgres');
  vi.stubEnv('PGUSER', 'rooms_api');
  vi.stubEnv('PGPASSWORD', 'hunter2');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await close();
});

describe('paths and methods', () => {
  test.each(['/', '/api', '/api/', '/api/rooms/', '/api/bookings/1', '/api/%', '/api/%ff', '/api/constructor'])('%s is not found', async (path) => {
    const { status, headers, body } = await get(handler, path);
    expect(status).toBe(404);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    expect(body).toEqual({ type: '/problems/not-found', title: 'Not found', status: 404, detail: 'The API has no such path.' });
  });

  test.each([
    ['POST', '/api/rooms', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/api/health', 'GET, HEAD, OPTIONS'],
    ['constructor', '/api/health', 'GET, HEAD, OPTIONS'],
    ['GET', '/api/bookings', 'POST, OPTIONS'],
    ['HEAD', '/api/bookings', 'POST, OPTIONS'],
  ])('%s %s is not allowed', async (method, path, allow) => {
    const { status, headers } = answer(await handler(event(method, path)));
    expect([status, headers['allow']]).toEqual([405, allow]);
  });

  test('OPTIONS lists the methods', async () => {
    const result = await handler(event('OPTIONS', '/api/rooms'));
    expect(result).toMatchObject({ statusCode: 204, body: '', headers: { allow: 'GET, HEAD, OPTIONS' } });
  });

  test('HEAD has the status of GET, and no body', async () => {
    const result = await handler(event('HEAD', '/api/health'));
    expect(result).toMatchObject({ statusCode: 503, body: '', headers: { 'content-type': 'application/problem+json' } });
  });
});

describe('bodies', () => {
  const send = async (body: string | undefined, headers: Record<string, string>) =>
    answer(await handler(event('POST', '/api/bookings', body, headers)));

  test.each([{}, { 'content-type': 'text/plain' }, { 'content-type': 'application/json; charset=latin1' }])('%o is not supported', async (headers) => {
    expect((await send('{}', headers)).status).toBe(415);
  });

  test.each(['application/json', 'Application/JSON; charset=UTF-8', 'application/json;charset="utf-8"'])('%s is JSON', async (type) => {
    expect((await send('{}', { 'content-type': type })).status).toBe(422);
  });

  test.each(['', '{', 'room=1'])('%o is not JSON', async (body) => {
    expect(await send(body, JSON_TYPE)).toMatchObject({ status: 400, body: { type: '/problems/not-json' } });
  });

  test('a body is required', async () => {
    expect((await send(undefined, JSON_TYPE)).status).toBe(400);
  });

  test('the limit counts bytes', async () => {
    const fits = JSON.stringify({ note: 'é'.repeat(4090) });
    expect(Buffer.byteLength(fits)).toBe(8191);
    expect((await send(fits, JSON_TYPE)).status).toBe(422);
    expect(await send(`${fits}  `, JSON_TYPE)).toMatchObject({ status: 413, body: { type: '/problems/too-large' } });
  });

  test('base64 is decoded', async () => {
    const send = async (bytes: Buffer) =>
      answer(await handler({ ...event('POST', '/api/bookings', bytes.toString('base64'), JSON_TYPE), isBase64Encoded: true }));
    expect((await send(Buffer.from('{}'))).status).toBe(422);
    expect((await send(Buffer.from([0xff, 0xfe]))).status).toBe(400);
    expect((await send(Buffer.alloc(8193, ' '))).status).toBe(413);
  });
});

describe('input', () => {
  test.each([
    [{ room: 1 }, ['room']],
    [{ room: '0' }, ['room']],
    [{ room: '9223372036854775808' }, ['room']],
    [{ room: "1'; DROP TABLE rooms" }, ['room']],
    [{ email: 'ada' }, ['email']],
    [{ start: '2026-11-23T09:00:00' }, ['start']],
    [{ start: '2026-02-30T09:00:00Z' }, ['start']],
    [{ start: '0000-01-01T00:00:00Z' }, ['start']],
    [{ end: '9999-12-31T23:59:59-10:00' }, ['end']],
    [{ end: BOOKING.start }, ['end']],
    [{ end: '2026-11-24T09:00:01Z' }, ['end']],
    [{ note: 'x'.repeat(501) }, ['note']],
    [{ note: 'a\0b' }, ['note']],
    [{ note: 1, room: undefined }, ['room', 'note']],
  ])('%o is refused', async (change, paths) => {
    const { status, body } = await post(handler, '/api/bookings', { ...BOOKING, ...change });
    expect([status, body.errors.map((error: { path: string }) => error.path)]).toEqual([422, paths]);
    expect(body.detail).toContain(`${paths[0]}: `);
  });

  test.each([[null], [[]], ['text']])('%o is no booking', async (body) => {
    expect(await post(handler, '/api/bookings', body)).toMatchObject({ status: 422, body: { errors: [{ path: '' }] } });
  });

  test.each([
    ['', ['from', 'to']],
    ['from=2026-11-23&to=2026-11-24T00:00:00Z', ['from']],
    ['from=2026-11-23T00:00:00Z&to=2026-11-23T00:00:00Z', ['to']],
    ['from=2026-11-01T00:00:00Z&to=2026-12-02T00:00:01Z', ['to']],
  ])('the calendar refuses %o', async (query, paths) => {
    const { status, body } = await get(handler, `/api/calendar?${query}`);
    expect([status, body.errors.map((error: { path: string }) => error.path)]).toEqual([422, paths]);
  });
});

describe('without a database', () => {
  test.each(['/api/health', '/api/rooms', '/api/calendar?from=2026-11-23T00:00:00%2B01:00&to=2026-12-24T00:00:00 01:00'])('%s is unavailable', async (target) => {
    const { status, headers, body } = await get(handler, target);
    expect(status).toBe(503);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json', 'retry-after': '15' });
    expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'detail']);
    expect(JSON.stringify(body)).not.toMatch(/nowhere|ENOENT/);
  });

  test('nothing can be booked', async () => {
    expect((await post(handler, '/api/bookings', BOOKING)).status).toBe(503);
  });

  test('the log has one line with the cause, and no secret', async () => {
    await get(handler, '/api/calendar?from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z');
    expect(logged).toHaveBeenCalledTimes(1);
    const line = String(logged.mock.calls[0]?.[0]);
    expect(line).not.toMatch(/hunter2|\n/);
    expect(JSON.parse(line)).toMatchObject({
      level: 'error', requestId: 'a-request', method: 'GET', path: '/api/calendar', status: 503, error: { code: 'ENOENT' },
    });
  });

  test('a server that never answers is not waited for', { timeout: 20_000 }, async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('PGHOST', '127.0.0.1');
    vi.stubEnv('PGPORT', String((server.address() as AddressInfo).port));
    const start = performance.now();
    expect(await get(handler, '/api/health')).toMatchObject({ status: 503, headers: { 'retry-after': '15' } });
    expect(performance.now() - start).toBeLessThan(9_000);
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });

  test('a missing setting is logged, not shown', async () => {
    vi.stubEnv('PGHOST', '');
    const { status, body } = await get(handler, '/api/health');
    expect([status, JSON.stringify(body).includes('PGHOST')]).toEqual([503, false]);
    expect(String(logged.mock.calls[0]?.[0])).toContain('PGHOST is not set');
  });
});
