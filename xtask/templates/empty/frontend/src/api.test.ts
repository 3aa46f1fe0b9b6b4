import { expect, test } from 'vitest';
import { parseNote } from './api';

test('a note is parsed', () => {
  const note = { id: '9007199254740993', body: 'milk', created_at: '2026-11-23T09:00:00.000Z' };
  expect(parseNote(note, 'note')).toEqual({ id: '9007199254740993', body: 'milk', createdAt: new Date('2026-11-23T09:00:00Z') });
});

test.each([
  [null, 'note is not an object'],
  [{ id: 1, body: 'milk', created_at: '2026-11-23T09:00:00Z' }, 'note.id is not a string'],
  [{ id: '1', body: 'milk', created_at: 'today' }, 'note.created_at is not a time with an offset'],
])('%o is no note', (value, message) => {
  expect(() => parseNote(value, 'note')).toThrow(message);
});
