import { beforeAll, expect, test } from 'vitest';
import type { RoomWeek } from '../api/client';
import { spanText } from './dates';
import { segmentName } from './names';
import { hoursToShow, segments } from './segments';

beforeAll(() => void (process.env['TZ'] = 'Europe/Berlin'));

const DAY = new Date('2026-11-23T00:00+01:00');
const HOURS = { from: 8, to: 18 };

/** `23T09:00-23T10:00` in November 2026, in Berlin. */
function span(text: string) {
  const [start = '', end = ''] = text.split('-').map((time) => `2026-11-${time}+01:00`);
  return { start: new Date(start), end: new Date(end) };
}

function room(bookings: string[], free: string[]): RoomWeek {
  const booked = bookings.map((text, index) => ({ ...span(text), id: String(index), by: 'Ada' }));
  return { id: '1', name: 'Baltic', floor: 0, seats: 4, equipment: [], bookings: booked, free: free.map(span) };
}

function shown(of: RoomWeek, now: string): string[] {
  return segments(of, DAY, HOURS, new Date(`2026-11-${now}+01:00`)).map((segment) => `${segment.kind} ${spanText(segment.span)}`);
}

test('a day has its bookings and the free time between them, in the order of time', () => {
  const baltic = room(['23T09:00-23T10:00', '23T16:00-23T17:00'], ['22T00:00-23T09:00', '23T10:00-23T16:00', '23T17:00-30T00:00']);
  expect(shown(baltic, '22T12:00')).toEqual(['free 08:00–09:00', 'booked 09:00–10:00', 'free 10:00–16:00', 'booked 16:00–17:00', 'free 17:00–18:00']);
});

test('free time is past until the next quarter of an hour', () => {
  const baltic = room([], ['22T00:00-30T00:00']);
  expect(shown(baltic, '23T10:20')).toEqual(['past 08:00–10:30', 'free 10:30–18:00']);
  expect(shown(baltic, '23T10:30')).toEqual(['past 08:00–10:30', 'free 10:30–18:00']);
  expect(shown(baltic, '24T10:30')).toEqual(['past 08:00–18:00']);
});

test('a booking over midnight is in both days', () => {
  expect(shown(room(['22T20:00-23T09:00'], []), '22T12:00')).toEqual(['booked 08:00–09:00']);
  expect(shown(room(['22T20:00-24T09:00'], []), '22T12:00')).toEqual(['booked 08:00–18:00']);
  expect(shown(room(['22T20:00-23T00:00'], []), '22T12:00')).toEqual([]);
});

test.each([
  [[], { from: 8, to: 18 }],
  [['23T07:30-23T09:00'], { from: 7, to: 18 }],
  [['29T17:00-29T18:01'], { from: 8, to: 19 }],
  [['24T22:00-25T02:00'], { from: 0, to: 24 }],
  [['30T06:00-30T22:00'], { from: 8, to: 18 }],
])('the hours of a week with bookings at %j are %j', (bookings, hours) => {
  expect(hoursToShow([room(bookings, [])], DAY)).toEqual(hours);
});

test('names say the room, the day, the times and by whom', () => {
  const names = segments(room(['23T09:00-23T10:00'], ['23T10:00-23T12:00']), DAY, HOURS, DAY).map((segment) => segmentName('Adriatic', segment));
  expect(names).toEqual(['Adriatic, Monday 23 November, booked from 09:00 to 10:00 by Ada', 'Adriatic, Monday 23 November, free from 10:00 to 12:00']);
});
