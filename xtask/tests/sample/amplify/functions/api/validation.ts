// Validation of input, and the errors for invalid input.

import { z } from 'zod';
import { invalid } from './problem';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** PostgreSQL's largest bigint. */
const LARGEST_ID = 9_223_372_036_854_775_807n;

// `abort`: the checks after a failed one would run on a value that they do not expect.

const id = z
  .string()
  .regex(/^[1-9][0-9]{0,18}$/, { abort: true, message: 'must be the id of a room' })
  .refine((text) => BigInt(text) <= LARGEST_ID, 'must be the id of a room');

/** A time with any offset. */
const time = z.iso
  .datetime({ offset: true, abort: true, error: 'must be a time with an offset, such as 2026-11-23T09:00:00Z' })
  .transform((text) => new Date(text))
  .refine((date) => date.getUTCFullYear() >= 1970 && date.getUTCFullYear() <= 9999, {
    abort: true,
    message: 'must be between the years 1970 and 9999',
  });

/** A URL's `+` stands for a space, so an offset such as +02:00 that was not encoded arrives with one. */
const timeInUrl = z.preprocess(
  (value) => (typeof value === 'string' ? value.replace(/ (?=\d\d:\d\d$)/, '+') : value),
  time,
);

export const calendarQuery = z
  .object({ from: timeInUrl, to: timeInUrl })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after `from`' })
  .refine(({ from, to }) => to.getTime() - from.getTime() <= 31 * DAY, {
    path: ['to'],
    message: 'must be at most 31 days after `from`',
  });

export const bookingBody = z
  .object({
    room: id,
    email: z.email('must be an e-mail address').max(254),
    start: time,
    end: time,
    note: z
      .string()
      .trim()
      .max(500)
      .refine((text) => !text.includes('\0'), 'must not contain the character U+0000')
      .optional(),
  })
  .refine(({ start, end }) => start < end, { path: ['end'], message: 'must be after `start`' })
  .refine(({ start, end }) => end.getTime() - start.getTime() <= 24 * HOUR, {
    path: ['end'],
    message: 'must be at most 24 hours after `start`',
  });

/** The validated input, or a problem with every error. */
export function validate<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) {
    return result.data;
  }
  throw invalid(result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
}
