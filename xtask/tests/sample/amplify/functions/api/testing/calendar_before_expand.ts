// `calendar.ts` as it was before the revision `expand: given and family names of members`: it reads `members.name`.

import { read } from '../database';
import type { Request } from '../request';
import type { Response } from '../response';
import { type Period, formatPeriod, formatTime } from '../time';
import { calendarQuery, validate } from '../validation';

interface BookingRow {
  readonly room: string;
  readonly id: string;
  readonly name: string;
  readonly period: Period;
}

const BOOKINGS = `
  SELECT bookings.room_id AS room, bookings.id, members.name,
    json_build_object('start', lower(during), 'end', upper(during)) AS period
  FROM bookings JOIN members ON members.id = bookings.member_id
  WHERE during && tstzrange($1, $2) AND status <> 'cancelled'
  ORDER BY during`;

export async function calendar(request: Request): Promise<Response> {
  const { from, to } = validate(calendarQuery, Object.fromEntries(request.query));
  const rooms = await read<{ id: string; name: string }>('SELECT id, name FROM rooms ORDER BY name');
  const rows = await read<BookingRow>(BOOKINGS, [from.toISOString(), to.toISOString()]);
  const bookings = (room: string) =>
    rows
      .filter((row) => row.room === room)
      .map(({ id, name, period }) => ({ id, ...formatPeriod(period), by: name.split(' ')[0] }));
  return {
    status: 200,
    body: { from: formatTime(from), to: formatTime(to), rooms: rooms.map(({ id, name }) => ({ id, name, bookings: bookings(id), free: [] })) },
  };
}
