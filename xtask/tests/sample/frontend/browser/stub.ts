// A stub of the API for the browser tests: its data, and its responses in each state.

import type { Page, Route } from 'playwright-core';

/** The time on the page: a Wednesday, 10:20 in Berlin. */
export const NOW = new Date('2026-11-25T09:20:00Z');
export const TIME_ZONE = 'Europe/Berlin';

export const ROOMS = [
  {
    id: '1',
    name: 'Baltic',
    floor: 0,
    seats: 4,
    equipment: [
      { code: 'screen', name: 'Screen' },
      { code: 'whiteboard', name: 'Whiteboard' },
    ],
  },
  { id: '9007199254740993', name: 'Adriatic', floor: 3, seats: 12, equipment: [{ code: 'video', name: 'Video conference' }] },
  { id: '3', name: '<b>Ægean</b> & the long name of a room', floor: 3, seats: 1, equipment: [] },
];

export interface StubBooking {
  id: string;
  room: string;
  start: string;
  end: string;
  by: string;
}

function booking(id: number, room: number, start: string, end: string, by: string): StubBooking {
  return { id: String(id), room: ROOMS[room]?.id ?? '', start: `2026-11-${start}:00Z`, end: `2026-11-${end}:00Z`, by };
}

/** A week of bookings, in UTC: Berlin is an hour ahead. */
export const BOOKINGS = [
  booking(1, 0, '23T08:00', '23T09:00', 'Ada'),
  booking(2, 0, '23T09:00', '23T09:30', 'Grace'),
  booking(3, 0, '24T12:00', '24T15:30', 'Plato'),
  booking(4, 0, '25T08:00', '25T10:00', 'Ada'),
  booking(5, 0, '26T09:00', '26T11:00', 'Grace'),
  booking(6, 0, '27T07:00', '27T08:30', 'Barbara'),
  booking(7, 1, '23T09:00', '23T11:00', 'Grace'),
  booking(8, 1, '25T07:00', '25T08:00', 'Edsger'),
  booking(9, 1, '25T12:00', '25T14:00', '<script>document.title = "broken"</script>'),
  booking(10, 1, '26T08:00', '26T16:00', 'Ada'),
  booking(11, 2, '24T07:00', '24T07:30', 'Plato'),
  booking(12, 2, '26T15:00', '26T18:30', 'Barbara'),
];

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

function problem(status: number, title: string, detail: string, more: object = {}, headers: Record<string, string> = {}): Answer {
  return { status, body: { type: 'about:blank', title, status, detail, ...more }, headers: { 'content-type': 'application/problem+json', ...headers } };
}

export const BROKEN = problem(500, 'The API has failed', 'Request 4711 could not be answered.');
export const STARTING = problem(503, 'The database is starting', 'It was paused and needs a few seconds.', {}, { 'retry-after': '7' });
export const CONFLICT = problem(409, 'The room is taken', 'Adriatic is already booked from 2026-11-25T11:00:00Z to 2026-11-25T12:00:00Z', {
  type: '/problems/room-taken',
  constraint: 'bookings_do_not_overlap',
  bookings: [{ start: '2026-11-25T11:00:00Z', end: '2026-11-25T12:00:00Z' }],
});
export const UNKNOWN_MEMBER = problem(422, 'The booking is not valid', 'One field is not valid.', {
  errors: [{ path: 'email', message: 'no member has this address' }],
});

/** Responds to the requests of a page. Its fields determine the responses, and change while a test runs. */
export class StubApi {
  rooms: unknown[] = ROOMS;
  bookings: StubBooking[] = [...BOOKINGS];
  /** The response to each GET, instead of data. `lost` cuts the connection, `waiting` never responds. */
  reads: Answer | 'data' | 'lost' | 'waiting' = 'data';
  /** The response to each POST, instead of the booking. */
  writes: Answer | 'booked' | 'lost' | 'waiting' = 'booked';
  /** The bodies of the POST requests. */
  readonly posted: Record<string, string>[] = [];
  readonly paths: string[] = [];

  async install(page: Page): Promise<void> {
    await page.route('**/api/**', (route) => this.#answer(route));
  }

  async #answer(route: Route): Promise<void> {
    const url = new URL(route.request().url());
    const isRead = route.request().method() === 'GET';
    this.paths.push(url.pathname + url.search);
    if (!isRead) this.posted.push(route.request().postDataJSON() as Record<string, string>);
    const answer = isRead ? this.reads : this.writes;
    if (answer === 'waiting') return;
    if (answer === 'lost') return route.abort('connectionreset');
    if (answer === 'booked') return this.#send(route, this.#book());
    if (answer !== 'data') return this.#send(route, answer);
    const body = url.pathname === '/api/rooms' ? { rooms: this.rooms } : this.#calendar(url.searchParams.get('from') ?? '', url.searchParams.get('to') ?? '');
    return this.#send(route, { status: 200, body });
  }

  #send(route: Route, { status, body, headers }: Answer): Promise<void> {
    return route.fulfill({ status, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });
  }

  #book(): Answer {
    const { room = '', start = '', end = '' } = this.posted.at(-1) ?? {};
    const id = String(100 + this.bookings.length);
    this.bookings.push({ id, room, start, end, by: 'Ada' });
    return { status: 201, body: { id, room, start, end }, headers: { location: `/api/bookings/${id}` } };
  }

  #calendar(from: string, to: string) {
    const rooms = (this.rooms as { id: string; name: string }[]).map(({ id, name }) => {
      const during = this.bookings.filter(({ room, start, end }) => room === id && end > from && start < to);
      const bookings = during.sort((one, other) => one.start.localeCompare(other.start)).map(({ room: _, ...rest }) => rest);
      const edges = [from, ...bookings.flatMap(({ start, end }) => [start, end]), to];
      const free = edges.flatMap((start, index) => (index % 2 === 0 && start < (edges[index + 1] ?? '') ? [{ start, end: edges[index + 1] }] : []));
      return { id, name, bookings, free };
    });
    return { from, to, rooms };
  }
}
