// The API, at the page's own origin.

import type { Span } from '../calendar/dates';
import { type Booked, type Problem, type Room, type Occupancy, parseBooked, parseCalendar, parseProblem, parseRooms } from './answers';

/** How long a request may take, in milliseconds. A paused database needs a while to start. */
const TIMEOUT = 30_000;

/** A failed request: the API's message, or why there was no response. */
export class ApiError extends Error {
  constructor(
    readonly problem: Problem,
    /** The HTTP status; null if there was no response. */
    readonly status: number | null,
    /** Milliseconds after which the API suggests a retry. */
    readonly retryAfter: number | null = null,
  ) {
    super(problem.title);
  }
}

/** A room with its bookings and free periods. */
export interface RoomWeek extends Room, Omit<Occupancy, 'id'> {}

export interface NewBooking extends Span {
  room: string;
  email: string;
  note: string;
}

/** The rooms, with their bookings and free periods during `span`. */
export async function fetchRooms(span: Span, signal: AbortSignal): Promise<RoomWeek[]> {
  const during = new URLSearchParams({ from: utc(span.start), to: utc(span.end) });
  const [rooms, calendar] = await Promise.all([
    request('/api/rooms', { signal }, parseRooms),
    request(`/api/calendar?${during}`, { signal }, parseCalendar),
  ]);
  const occupancies = new Map(calendar.map((room) => [room.id, room]));
  return rooms.map((room) => ({ bookings: [], free: [], ...occupancies.get(room.id), ...room }));
}

export function book({ room, email, start, end, note }: NewBooking, signal: AbortSignal): Promise<Booked> {
  const body = JSON.stringify({ room, email, start: utc(start), end: utc(end), ...(note === '' ? {} : { note }) });
  return request('/api/bookings', { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal }, parseBooked);
}

/** `2026-11-23T09:00:00Z` */
function utc(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z');
}

async function request<Answer>(url: string, init: RequestInit & { signal: AbortSignal }, parse: (value: unknown) => Answer): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.any([init.signal, AbortSignal.timeout(TIMEOUT)]);
    response = await fetch(url, { cache: 'no-store', ...init, signal });
    text = await response.text();
  } catch {
    throw new ApiError(problem('The server cannot be reached', 'There was no answer. The connection may be down.'), null);
  }
  if (!response.ok) throw new ApiError(readProblem(response, text), response.status, retryAfter(response));
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    // A server with a catch-all route responds with the page.
    const reason = error instanceof SyntaxError ? 'not JSON' : String(error instanceof Error ? error.message : error);
    throw new ApiError(problem('The answer is not understood', `${response.url || url}: ${reason}`), response.status);
  }
}

/** The API's message, or the status if the response came from a proxy in front of it. */
function readProblem(response: Response, text: string): Problem {
  try {
    return parseProblem(JSON.parse(text));
  } catch {
    return problem('The request failed', `${response.status} ${response.statusText}`.trim());
  }
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : null;
}

function problem(title: string, detail: string): Problem {
  return { title, detail, errors: [], taken: [] };
}
