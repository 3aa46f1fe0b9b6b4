// GET /api/notes: the newest notes. POST /api/notes: adds one.

import { z } from 'zod';
import { read, write } from './database';
import { invalid } from './problem';
import type { Request } from './request';
import type { Response } from './response';
import type { Notes } from './tables';

/** PostgreSQL's text has no U+0000. */
const newNote = z.object({
  body: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .refine((text) => !text.includes('\0'), 'must not contain the character U+0000'),
});

export async function notes(): Promise<Response> {
  const rows = await read<Notes>('SELECT id, body, created_at FROM notes ORDER BY id DESC LIMIT 100');
  return { status: 200, body: { notes: rows } };
}

export async function addNote(request: Request): Promise<Response> {
  const input = newNote.safeParse(request.json());
  if (!input.success) {
    throw invalid(input.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })));
  }
  const [row] = await write<Notes>('INSERT INTO notes (body) VALUES ($1) RETURNING id, body, created_at', [input.data.body]);
  return { status: 201, body: row };
}
