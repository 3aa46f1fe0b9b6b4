// POST /api/bookings: books a room. The database's own constraint decides whether it is free.

import pg from 'pg';
import { read, write } from './database';
import { Problem, invalid } from './problem';
import type { Request } from './request';
import type { Response } from './response';
import type { Bookings, Members, Rooms } from './tables';
import { type Period, formatPeriod, formatTime } from './time';
import { bookingBody, validate } from './validation';

const FIND = `
  SELECT (SELECT name FROM rooms WHERE id = $1) AS room,
    (SELECT id FROM members WHERE lower(email) = lower($2)) AS member`;

const INSERT = `
  INSERT INTO bookings (room_id, member_id, during, note, status)
  VALUES ($1, $2, tstzrange($3, $4), $5, 'confirmed')
  RETURNING id`;

const CONFLICTS = `
  SELECT json_build_object('start', lower(during), 'end', upper(during)) AS period
  FROM bookings
  WHERE room_id = $1 AND status <> 'cancelled' AND during && tstzrange($2, $3)
  ORDER BY during`;

const EXCLUSION_VIOLATION = '23P01';
const FOREIGN_KEY_VIOLATION = '23503';

export async function book(request: Request): Promise<Response> {
  const { room, email, start, end, note } = validate(bookingBody, request.json());
  const { name, member } = await find(room, email);
  const period = [start.toISOString(), end.toISOString()] as const;
  try {
    const [booking] = await write<Pick<Bookings, 'id'>>(INSERT, [room, member, ...period, note || null]);
    const id = booking?.id;
    return { status: 201, headers: { location: `/api/bookings/${id}` }, body: { id, room, start: formatTime(start), end: formatTime(end) } };
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === EXCLUSION_VIOLATION) {
      throw await taken(name, error.constraint, room, period);
    }
    if (error instanceof pg.DatabaseError && error.code === FOREIGN_KEY_VIOLATION) {
      // The room or the member has just been deleted.
      await find(room, email);
    }
    throw error;
  }
}

async function find(room: string, email: string): Promise<{ name: Rooms['name']; member: Members['id'] }> {
  const [found] = await read<{ room: Rooms['name'] | null; member: Members['id'] | null }>(FIND, [room, email]);
  const { room: name, member } = found ?? { room: null, member: null };
  if (name === null || member === null) {
    throw invalid([
      ...(name === null ? [{ path: 'room', message: 'there is no such room' }] : []),
      ...(member === null ? [{ path: 'email', message: 'there is no such member' }] : []),
    ]);
  }
  return { name, member };
}

/** The problem that names the conflicting bookings, which may have been deleted since. */
async function taken(name: string, constraint: string | undefined, room: string, period: readonly [string, string]): Promise<Problem> {
  const rows = await read<{ period: Period }>(CONFLICTS, [room, ...period]);
  const bookings = rows.map((row) => formatPeriod(row.period));
  const times = bookings.map(({ start, end }) => `from ${start} to ${end}`).join(' and ');
  const detail = times === '' ? `${name} was booked at that time until just now: try again` : `${name} is already booked ${times}`;
  return new Problem(409, 'room-taken', 'The room is taken', detail, { constraint, bookings });
}
