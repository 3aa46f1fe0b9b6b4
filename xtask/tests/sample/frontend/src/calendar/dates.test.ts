import { beforeAll, describe, expect, test } from 'vitest';
import { addDays, atClock, clock, dayName, daysOfWeek, hoursInto, isoDay, parseDay, spanText, startOfWeek, timeZone, weekTitle } from './dates';

// Its clocks go forward on 28 March 2027 at 2:00, and back on 25 October 2026 at 3:00.
beforeAll(() => void (process.env['TZ'] = 'Europe/Berlin'));

const day = (text: string) => parseDay(text) ?? expect.fail(`not a day: ${text}`);

test.each([
  ['2026-11-23', '2026-11-23'],
  ['2026-11-29', '2026-11-23'],
  ['2027-01-01', '2026-12-28'],
  ['2027-03-28', '2027-03-22'],
])('the week of %s starts on %s', (date, monday) => {
  expect(isoDay(startOfWeek(day(date)))).toBe(monday);
});

test('a week has seven days even if the clocks change', () => {
  for (const date of ['2026-10-25', '2027-03-28']) {
    const days = daysOfWeek(day(date));
    expect(days.map(clock)).toEqual(Array(7).fill('00:00'));
    expect(isoDay(days[6] ?? new Date(0))).toBe(date);
  }
});

test.each(['', '2026-13-01', '2026-02-30', '26-11-23', '2026-11-23T00:00', 'today'])('%j is not a day', (text) => {
  expect(parseDay(text)).toBeNull();
});

test('a time that the clocks skip does not exist', () => {
  expect(atClock(day('2027-03-28'), '02:30')).toBeNull();
  expect(atClock(day('2027-03-28'), '03:30')?.toISOString()).toBe('2027-03-28T01:30:00.000Z');
  expect(atClock(day('2026-11-23'), '25:00')).toBeNull();
  expect(atClock(day('2026-11-23'), '')).toBeNull();
});

test('hours are those on the clock, within the day', () => {
  expect(hoursInto(day('2027-03-28'), new Date('2027-03-28T03:15+02:00'))).toBe(3.25);
  expect(hoursInto(day('2026-11-23'), day('2026-11-22'))).toBe(0);
  expect(hoursInto(day('2026-11-23'), day('2026-11-24'))).toBe(24);
});

describe('names', () => {
  test('of weeks, with months and years only where they differ', () => {
    expect(weekTitle(day('2026-11-25'))).toBe('23 – 29 November 2026');
    expect(weekTitle(day('2026-12-01'))).toBe('30 November – 6 December 2026');
    expect(weekTitle(day('2027-01-01'))).toBe('28 December 2026 – 3 January 2027');
  });

  test('of days', () => expect(dayName(day('2026-11-23'))).toBe('Monday 23 November'));

  test.each([
    ['09:00', '10:30', '09:00–10:30'],
    ['22:00', '24:00', '22:00–24:00'],
    ['22:00', '26:15', '22:00–Tuesday 24 November 02:15'],
  ])('of a span from %s to %s', (from, to, text) => {
    const at = (time: string) => new Date(2026, 10, 23, Number(time.slice(0, 2)), Number(time.slice(3)));
    expect(spanText({ start: at(from), end: at(to) })).toBe(text);
  });

  test('of the time zone, with the offset at the time', () => {
    expect(timeZone(day('2026-11-23'))).toBe('Europe/Berlin (GMT+1)');
    expect(timeZone(addDays(day('2026-11-23'), 200))).toBe('Europe/Berlin (GMT+2)');
  });
});
