// A day of a room, split into the segments that the calendar shows.

import type { Booking } from '../api/answers';
import type { RoomWeek } from '../api/client';
import { type Span, addDays, daysOfWeek, hoursInto } from './dates';

/** Hours on the clock, as in 8 to 18. */
export interface Hours {
  from: number;
  to: number;
}

/** A segment of a day. Its span is limited to the displayed part of the day. */
export type Segment = { kind: 'booked'; span: Span; booking: Booking } | { kind: 'free' | 'past'; span: Span };

const WORKING_HOURS: Hours = { from: 8, to: 18 };

/** A quarter of an hour in milliseconds, the same in all time zones. Free time can be chosen from the next one on. */
const QUARTER = 15 * 60_000;

/** The hours to show in a week: the working hours, extended to bookings outside of them. */
export function hoursToShow(rooms: RoomWeek[], week: Date): Hours {
  let { from, to } = WORKING_HOURS;
  for (const day of daysOfWeek(week)) {
    const next = addDays(day, 1);
    for (const { start, end } of rooms.flatMap((room) => room.bookings)) {
      if (start >= next || end <= day) continue;
      from = Math.min(from, Math.floor(hoursInto(day, start)));
      to = Math.max(to, Math.ceil(hoursInto(day, end)));
    }
  }
  return { from, to };
}

/** The segments of a day in chronological order. Free time before the next quarter of an hour counts as past. */
export function segments(room: Pick<RoomWeek, 'bookings' | 'free'>, day: Date, hours: Hours, now: Date): Segment[] {
  const shown = { start: atHour(day, hours.from), end: atHour(day, hours.to) };
  const booked = room.bookings.flatMap((booking): Segment[] => clip(booking, shown).map((span) => ({ kind: 'booked', span, booking })));
  const open = room.free.flatMap((free) => clip(free, shown));
  const next = new Date(Math.ceil(now.getTime() / QUARTER) * QUARTER);
  const past = open.flatMap((span): Segment[] => clip(span, { start: shown.start, end: next }).map((span) => ({ kind: 'past', span })));
  const free = open.flatMap((span): Segment[] => clip(span, { start: next, end: shown.end }).map((span) => ({ kind: 'free', span })));
  return [...booked, ...past, ...free].sort((one, other) => one.span.start.getTime() - other.span.start.getTime());
}

/** How much text fits a segment that is drawn to scale. */
export function roomFor({ start, end }: Span): 'small-line' | 'line' | 'lines' {
  const minutes = (end.getTime() - start.getTime()) / 60_000;
  if (minutes < 45) return 'small-line';
  return minutes < 90 ? 'line' : 'lines';
}

function atHour(day: Date, hour: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hour);
}

/** The intersection of two spans: none or one span. */
function clip(span: Span, by: Span): Span[] {
  const start = span.start > by.start ? span.start : by.start;
  const end = span.end < by.end ? span.end : by.end;
  return start < end ? [{ start, end }] : [];
}
