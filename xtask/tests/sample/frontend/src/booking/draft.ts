// The text typed into the form, and its meaning.

import type { FieldError } from '../api/answers';
import type { NewBooking } from '../api/client';
import { type Span, addDays, atClock, clock, isoDay, parseDay } from '../calendar/dates';

export interface Draft {
  room: string;
  date: string;
  start: string;
  end: string;
  email: string;
  note: string;
}

export type Field = keyof Draft;
export type FieldErrors = Partial<Record<Field, string>>;

/** The fields in the order of the form. */
export const FIELDS: readonly Field[] = ['room', 'date', 'start', 'end', 'email', 'note'];

export function draftFor(room: string, span: Span, email: string): Draft {
  return { room, date: isoDay(span.start), start: clock(span.start), end: clock(span.end), email, note: '' };
}

/** An hour from `start`, or the free part of it. */
export function proposal({ start, end }: Span): Span {
  return { start, end: new Date(Math.min(start.getTime() + 3_600_000, end.getTime())) };
}

/** The booking that the text describes, or an error for each invalid field. The API decides whether it is possible. */
export function readDraft(draft: Draft): { booking: NewBooking } | { errors: FieldErrors } {
  const day = parseDay(draft.date);
  const start = day && atClock(day, draft.start);
  // 00:00 as an end is the end of the day.
  const end = day && (/^00:00/.test(draft.end) ? addDays(day, 1) : atClock(day, draft.end));
  const email = draft.email.trim();
  const errors: FieldErrors = {};
  if (draft.room === '') errors.room = 'Choose a room';
  if (day === null) errors.date = 'Enter a date';
  if (draft.start === '') errors.start = 'Enter a start time';
  else if (day !== null && start === null) errors.start = 'The clocks skip this time on that day';
  if (draft.end === '') errors.end = 'Enter an end time';
  else if (day !== null && end === null) errors.end = 'The clocks skip this time on that day';
  else if (start !== null && end !== null && end <= start) errors.end = 'The end must be after the start';
  if (!/^\S+@\S+$/.test(email)) errors.email = 'Enter an e-mail address, such as ada@example.com';
  if (start === null || end === null || Object.keys(errors).length > 0) return { errors };
  return { booking: { room: draft.room, email, start, end, note: draft.note.trim() } };
}

/** Errors of the API by field. Errors that belong to no field of the form keep their path. */
export function byField(errors: FieldError[]): { fields: FieldErrors; others: string[] } {
  const fields: FieldErrors = {};
  const others: string[] = [];
  for (const { path, message } of errors) {
    const field = FIELDS.find((name) => name === path.split(/[./]/).at(-1));
    if (field === undefined) others.push(path === '' ? message : `${path}: ${message}`);
    else fields[field] = fields[field] === undefined ? message : `${fields[field]}; ${message}`;
  }
  return { fields, others };
}
