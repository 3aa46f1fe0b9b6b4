// GET /api/calendar: what is booked in a period, and what is free.

import { read } from './database';
import type { Request } from './request';
import type { Response } from './response';
import type { Bookings, Members, Rooms } from './tables';
import { type Period, formatPeriod, formatTime } from './time';
import { calendarQuery, validate } from './validation';

interface CalendarRow extends Pick<Rooms, 'id' | 'name'> {
  readonly bookings: readonly (Period & Pick<Bookings, 'id'> & { readonly by: Members['given_name'] })[];
  readonly free: readonly Period[];
}

const CALENDAR = `
  WITH period AS (SELECT tstzrange($1, $2) AS during),
  standing AS (
    SELECT bookings.id, bookings.room_id, bookings.during, members.given_name AS by
    FROM bookings
    JOIN period ON bookings.during && period.during
    JOIN members ON members.id = bookings.member_id
    WHERE bookings.status <> 'cancelled'
  )
  SELECT rooms.id, rooms.name,
    (
      SELECT coalesce(json_agg(
        json_build_object('id', id::text, 'start', lower(during), 'end', upper(during), 'by', by) ORDER BY during
      ), '[]')
      FROM standing WHERE room_id = rooms.id
    ) AS bookings,
    (
      SELECT coalesce(json_agg(json_build_object('start', lower(gap), 'end', upper(gap)) ORDER BY gap), '[]')
      FROM unnest(
        tstzmultirange(period.during)
        - (SELECT coalesce(range_agg(during), '{}') FROM standing WHERE room_id = rooms.id)
      ) AS gap
    ) AS free
  FROM rooms CROSS JOIN period
  ORDER BY rooms.name`;

export async function calendar(request: Request): Promise<Response> {
  const { from, to } = validate(calendarQuery, Object.fromEntries(request.query));
  const rows = await read<CalendarRow>(CALENDAR, [from.toISOString(), to.toISOString()]);
  const rooms = rows.map(({ id, name, bookings, free }) => ({
    id,
    name,
    bookings: bookings.map((booking) => ({ id: booking.id, ...formatPeriod(booking), by: booking.by })),
    free: free.map(formatPeriod),
  }));
  return { status: 200, body: { from: formatTime(from), to: formatTime(to), rooms } };
}
