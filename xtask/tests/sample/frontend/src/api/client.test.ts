import { afterEach, describe, expect, test, vi } from 'vitest';
import { retryIn } from '../calendar/useCalendar';
import { parseBooked, parseCalendar, parseProblem, parseRooms } from './answers';
import { ApiError, book, fetchRooms } from './client';

const room = { id: '1', name: 'Baltic', floor: 0, seats: 4, equipment: [{ code: 'screen', name: 'Screen' }] };
const span = { start: '2026-11-23T09:00:00Z', end: '2026-11-23T10:00:00+00:00' };
const booking = { ...span, id: '7', by: 'Ada' };
const times = { start: new Date(span.start), end: new Date(span.end) };
const signal = new AbortController().signal;

afterEach(() => void vi.unstubAllGlobals());

/** Responds to each request by its path, and returns the requests. */
function serve(answers: Record<string, () => Response>) {
  const requests: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    requests.push({ url, init });
    const answer = answers[url.split('?')[0] ?? ''];
    return answer === undefined ? Promise.reject(new TypeError('failed')) : Promise.resolve(answer());
  });
  return requests;
}

async function failure(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => null,
    (error: unknown) => error,
  );
  return error instanceof ApiError ? error : expect.fail(`not an ApiError: ${String(error)}`);
}

test('rooms have their bookings and free time, and ask for them in UTC', async () => {
  const requests = serve({
    '/api/rooms': () => Response.json({ rooms: [room, { ...room, id: '2' }] }),
    '/api/calendar': () => Response.json({ from: '', to: '', rooms: [{ id: '1', name: 'Baltic', bookings: [booking], free: [span] }] }),
  });
  const rooms = await fetchRooms(times, signal);
  expect(rooms).toEqual([
    { ...room, bookings: [{ ...times, id: '7', by: 'Ada' }], free: [times] },
    // Added between the two requests.
    { ...room, id: '2', bookings: [], free: [] },
  ]);
  expect(requests.map(({ url }) => url)).toEqual(['/api/rooms', '/api/calendar?from=2026-11-23T09%3A00%3A00Z&to=2026-11-23T10%3A00%3A00Z']);
});

test('a booking is sent as JSON, without an empty note', async () => {
  const requests = serve({ '/api/bookings': () => Response.json({ id: '8', room: '1', ...span }, { status: 201 }) });
  expect(await book({ ...times, room: '1', email: 'ada@example.com', note: '' }, signal)).toEqual({ ...times, id: '8', room: '1' });
  const init = requests[0]?.init ?? {};
  expect(init.headers).toEqual({ 'content-type': 'application/json' });
  expect(JSON.parse(String(init.body))).toEqual({ room: '1', email: 'ada@example.com', start: '2026-11-23T09:00:00Z', end: '2026-11-23T10:00:00Z' });
});

describe('a failure says', () => {
  const failed = (answer: () => Response) => {
    serve({ '/api/bookings': answer });
    return failure(book({ ...times, room: '1', email: '', note: '' }, signal));
  };

  test('what the API says', async () => {
    const answer = { type: '/problems/room-taken', title: 'The room is taken', status: 409, detail: 'Baltic is booked', bookings: [span] };
    const error = await failed(() => Response.json(answer, { status: 409 }));
    expect(error.problem).toEqual({ title: 'The room is taken', detail: 'Baltic is booked', errors: [], taken: [times] });
    expect(error.status).toBe(409);
  });

  test('when to try again', async () => {
    const starting = (seconds: string) => () => Response.json({ title: 'Starting' }, { status: 503, headers: { 'retry-after': seconds } });
    expect(retryIn(await failed(starting('7')))).toBe(7_000);
    expect(retryIn(await failed(starting('0')))).toBe(5_000);
    expect(retryIn(await failed(starting('86400')))).toBe(60_000);
    expect(retryIn(await failed(starting('soon')))).toBe(5_000);
    expect(retryIn(await failed(() => Response.json({ title: 'Broken' }, { status: 500 })))).toBeNull();
  });

  test('the status if something in front of the API answers', async () => {
    const error = await failed(() => new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' }));
    expect(error.problem).toMatchObject({ title: 'The request failed', detail: '502 Bad Gateway' });
  });

  test('that the answer is the page', async () => {
    const error = await failed(() => new Response('<!doctype html>'));
    expect(error.problem).toMatchObject({ title: 'The answer is not understood', detail: '/api/bookings: not JSON' });
  });

  test('that there is no answer', async () => {
    serve({});
    const error = await failure(fetchRooms(times, signal));
    expect([error.status, error.problem.title, retryIn(error)]).toEqual([null, 'The server cannot be reached', 5_000]);
  });
});

describe('reports what is wrong in an answer, and where', () => {
  test.each<[string, (value: unknown) => unknown, unknown]>([
    ['the answer is not an object', parseRooms, []],
    ['rooms is not a list', parseRooms, {}],
    ['rooms[0].id is not a string', parseRooms, { rooms: [{ ...room, id: 1 }] }],
    ['rooms[0].seats is not an integer', parseRooms, { rooms: [{ ...room, seats: 1.5 }] }],
    ['rooms[0].equipment[0].name is not a string', parseRooms, { rooms: [{ ...room, equipment: [{ code: 'screen' }] }] }],
    ['rooms[0].bookings[0].start is not a time with an offset', parseCalendar, { rooms: [{ id: '1', bookings: [{ ...booking, start: '2026-11-23T09:00:00' }], free: [] }] }],
    ['rooms[0].free[0].end is not a time with an offset', parseCalendar, { rooms: [{ id: '1', bookings: [], free: [{ ...span, end: '2026-99-23T09:00:00Z' }] }] }],
    ['rooms[0].free[0] ends before it starts', parseCalendar, { rooms: [{ id: '1', bookings: [], free: [{ ...span, end: span.start }] }] }],
    ['id is not a string', parseBooked, { room: '1', ...span }],
    ['errors[0].message is not a string', parseProblem, { title: 'Not valid', errors: [{ path: 'email' }] }],
  ])('%s', (message, parse, value) => {
    expect(() => parse(value)).toThrow(message);
  });
});
