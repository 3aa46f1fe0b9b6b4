// The accessible names of the elements of the calendar. Other files' tests find elements by them.

import { type Span, clock, dayName, endText } from './dates';
import type { Segment } from './segments';

function fromTo({ start, end }: Span): string {
  return `from ${clock(start)} to ${endText({ start, end })}`;
}

/** “Adriatic, Monday 23 November, free from 10:00 to 12:00” */
export function segmentName(room: string, segment: Segment): string {
  const where = `${room}, ${dayName(segment.span.start)}`;
  if (segment.kind === 'booked') return `${where}, booked ${fromTo(segment.span)} by ${segment.booking.by}`;
  return `${where}, ${segment.kind} ${fromTo(segment.span)}`;
}

/** “Adriatic, Monday 23 November, 10:00–11:00” */
export function bookingName(room: string, { start, end }: Span): string {
  return `${room}, ${dayName(start)}, ${clock(start)}–${endText({ start, end })}`;
}

export function seatsName(seats: number): string {
  return seats === 1 ? '1 seat' : `${seats} seats`;
}

export function floorName(floor: number): string {
  return floor === 0 ? 'Ground floor' : `Floor ${floor}`;
}
