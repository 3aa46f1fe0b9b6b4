// Days and times in the visitor's time zone. Names are English like the page, and clocks have 24 hours.

/** A period of time: from `start` up to, but not including, `end`. */
export interface Span {
  start: Date;
  end: Date;
}

export function startOfDay(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

/** Midnight some days later. Not a multiple of 24 hours where the clocks change. */
export function addDays(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
}

/** Midnight of the Monday of this day's week. */
export function startOfWeek(date: Date): Date {
  return addDays(date, -((date.getDay() + 6) % 7));
}

/** The seven days of the week that contains this day. */
export function daysOfWeek(date: Date): Date[] {
  const monday = startOfWeek(date);
  return [0, 1, 2, 3, 4, 5, 6].map((days) => addDays(monday, days));
}

export function isSameDay(one: Date, other: Date): boolean {
  return startOfDay(one).getTime() === startOfDay(other).getTime();
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** `2026-11-23` */
export function isoDay(date: Date): string {
  return `${String(date.getFullYear()).padStart(4, '0')}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

/** The midnight of `2026-11-23`; null for anything that is not a day of the calendar. */
export function parseDay(text: string): Date | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  return isoDay(date) === text ? date : null;
}

/** `09:05` */
export function clock(date: Date): string {
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/** The time on this day at which a clock shows `09:05`; null if none does, as when the clocks go forward. */
export function atClock(day: Date, time: string): Date | null {
  const [, hours, minutes] = /^(\d{2}):(\d{2})/.exec(time) ?? [];
  const date = new Date(day.getFullYear(), day.getMonth(), day.getDate(), Number(hours), Number(minutes));
  return isSameDay(date, day) && clock(date) === time.slice(0, 5) ? date : null;
}

/** Hours on the clock since midnight of this day: 0 before it, 24 after it. */
export function hoursInto(day: Date, date: Date): number {
  if (date <= day) return 0;
  if (date >= addDays(day, 1)) return 24;
  return date.getHours() + date.getMinutes() / 60;
}

function named(date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', options).format(date);
}

/** `Mon` */
export function shortWeekday(date: Date): string {
  return named(date, { weekday: 'short' });
}

/** `Monday 23 November`. Built from its parts, because versions of browsers place commas differently. */
export function dayName(date: Date): string {
  return `${named(date, { weekday: 'long' })} ${date.getDate()} ${named(date, { month: 'long' })}`;
}

/** `23 – 29 November 2026`; months and years only where they differ. */
export function weekTitle(date: Date): string {
  const first = startOfWeek(date);
  const last = addDays(first, 6);
  const month = (day: Date) => named(day, { month: 'long' });
  const end = `${last.getDate()} ${month(last)} ${last.getFullYear()}`;
  if (first.getFullYear() !== last.getFullYear()) return `${first.getDate()} ${month(first)} ${first.getFullYear()} – ${end}`;
  if (first.getMonth() !== last.getMonth()) return `${first.getDate()} ${month(first)} – ${end}`;
  return `${first.getDate()} – ${end}`;
}

/** `09:00–10:30`, with the day of an end on a later day; `24:00` for midnight. */
export function spanText({ start, end }: Span): string {
  return `${clock(start)}–${endText({ start, end })}`;
}

/** The end of a span, relative to the day of its start. */
export function endText({ start, end }: Span): string {
  if (isSameDay(start, end)) return clock(end);
  if (end.getTime() === addDays(start, 1).getTime()) return '24:00';
  return `${dayName(end)} ${clock(end)}`;
}

/** `Europe/Berlin (GMT+1)`, with the offset at this time. */
export function timeZone(at: Date): string {
  const formatter = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'shortOffset' });
  const offset = formatter.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const zone = formatter.resolvedOptions().timeZone;
  return zone === offset ? zone : `${zone} (${offset})`;
}
