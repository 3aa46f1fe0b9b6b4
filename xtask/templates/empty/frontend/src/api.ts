// The API, at the page's own origin.

import { listOf, object, string, time } from './parse';

/** How long a request may take, in milliseconds. A paused database needs a while to start. */
const TIMEOUT = 30_000;

export interface Note {
  id: string;
  body: string;
  createdAt: Date;
}

export function fetchNotes(signal: AbortSignal): Promise<Note[]> {
  return request('/api/notes', { signal }, (answer) => listOf(object(answer, 'the answer')['notes'], 'notes', parseNote));
}

export function addNote(body: string): Promise<Note> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ body }) };
  return request('/api/notes', init, (answer) => parseNote(answer, 'the answer'));
}

export function parseNote(value: unknown, at: string): Note {
  const note = object(value, at);
  return { id: string(note['id'], `${at}.id`), body: string(note['body'], `${at}.body`), createdAt: time(note['created_at'], `${at}.created_at`) };
}

/** @throws Error with a message for the visitor. */
async function request<Answer>(url: string, init: RequestInit, parse: (value: unknown) => Answer): Promise<Answer> {
  const timeout = AbortSignal.timeout(TIMEOUT);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  const response = await fetch(url, { cache: 'no-store', ...init, signal }).catch(() => {
    throw new Error('The server cannot be reached.');
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) {
    const detail = typeof answer === 'object' && answer !== null && 'detail' in answer ? String(answer.detail) : response.statusText;
    throw new Error(`The request failed: ${detail}`);
  }
  return parse(answer);
}
