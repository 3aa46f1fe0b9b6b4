import { beforeAll, expect, test } from 'vitest';
import { ApiError } from '../api/client';
import { type Draft, byField, draftFor, proposal, readDraft } from './draft';
import { refusalOf } from './useBooking';

beforeAll(() => void (process.env['TZ'] = 'Europe/Berlin'));

const draft: Draft = { room: '1', date: '2026-11-23', start: '09:00', end: '10:30', email: ' ada@example.com ', note: ' Planning ' };

test('a draft is read in the time zone of the visitor', () => {
  const read = readDraft(draft);
  expect(read).toEqual({
    booking: { room: '1', email: 'ada@example.com', start: new Date('2026-11-23T08:00:00Z'), end: new Date('2026-11-23T09:30:00Z'), note: 'Planning' },
  });
});

test('00:00 as an end is the end of the day', () => {
  const read = readDraft({ ...draft, start: '23:00', end: '00:00' });
  expect('booking' in read && read.booking.end.toISOString()).toBe('2026-11-23T23:00:00.000Z');
});

test.each<[string, Partial<Draft>, object]>([
  ['no room', { room: '' }, { room: 'Choose a room' }],
  ['no date', { date: '' }, { date: 'Enter a date' }],
  ['no times', { start: '', end: '' }, { start: 'Enter a start time', end: 'Enter an end time' }],
  ['an end before the start', { end: '08:00' }, { end: 'The end must be after the start' }],
  ['an end at the start', { end: '09:00' }, { end: 'The end must be after the start' }],
  ['a skipped time', { date: '2027-03-28', start: '02:30' }, { start: 'The clocks skip this time on that day' }],
  ['no address', { email: 'ada' }, { email: 'Enter an e-mail address, such as ada@example.com' }],
])('%s is an error at its field', (_, change, errors) => {
  expect(readDraft({ ...draft, ...change })).toEqual({ errors });
});

test('a new draft proposes an hour, or what is free of it', () => {
  const [start, end] = [new Date('2026-11-23T08:00:00Z'), new Date('2026-11-23T15:00:00Z')];
  expect(draftFor('1', proposal({ start, end }), '')).toEqual({ room: '1', date: '2026-11-23', start: '09:00', end: '10:00', email: '', note: '' });
  expect(proposal({ start, end: new Date('2026-11-23T08:30:00Z') }).end.toISOString()).toBe('2026-11-23T08:30:00.000Z');
});

test('errors of the API are at their fields; those of no field keep their path', () => {
  const errors = [
    { path: 'email', message: 'no member has this address' },
    { path: '/end', message: 'too late' },
    { path: 'end', message: 'too far' },
    { path: 'size', message: 'unknown' },
  ];
  expect(byField(errors)).toEqual({ fields: { email: 'no member has this address', end: 'too late; too far' }, others: ['size: unknown'] });
});

test('a refusal has no problem of its own if every error is at its field', () => {
  const problem = { title: 'Not valid', detail: 'See the errors', errors: [{ path: 'email', message: 'unknown' }], taken: [] };
  expect(refusalOf(new ApiError(problem, 422))).toEqual({ fields: { email: 'unknown' }, problem: null });
  const more = { ...problem, errors: [...problem.errors, { path: 'size', message: 'unknown' }] };
  expect(refusalOf(new ApiError(more, 422)).problem?.detail).toBe('See the errors');
  expect(refusalOf(new ApiError({ ...more, detail: '' }, 422)).problem?.detail).toBe('size: unknown');
});

test('without an answer, the booking may have been made', () => {
  const lost = new ApiError({ title: 'The server cannot be reached', detail: '', errors: [], taken: [] }, null);
  expect(refusalOf(lost).problem?.detail).toContain('may have been made');
});
