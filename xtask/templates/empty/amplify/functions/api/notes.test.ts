// The API on a database that the revisions have migrated, as its own role.

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { close } from './database';
import { handler } from './handler';
import { get, post } from './testing/call';
import { Database } from './testing/database';

let database: Database;

beforeAll(async () => {
  database = await Database.create();
  for (const [name, value] of Object.entries(database.environment())) vi.stubEnv(name, value);
});

afterAll(async () => {
  await close();
  vi.unstubAllEnvs();
  await database.drop();
});

test('a note is added and read', async () => {
  const { status, body } = await post(handler, '/api/notes', { body: ' milk ' });
  expect([status, body.body]).toEqual([201, 'milk']);
  expect((await get(handler, '/api/notes')).body.notes).toEqual([body]);
});

test.each([{}, { body: ' ' }, { body: 'x'.repeat(501) }, { body: 'a\0b' }, { body: 1 }])('%o is refused', async (input) => {
  const { status, body } = await post(handler, '/api/notes', input);
  expect([status, body.errors[0].path]).toEqual([422, 'body']);
});

test('the health names the schema heads', async () => {
  const { status, body } = await get(handler, '/api/health');
  expect([status, body.status, body.heads.length]).toEqual([200, 'ok', 1]);
});

test.each(['DELETE FROM notes', 'UPDATE notes SET body = NULL', 'CREATE TABLE mine ()'])('its role may not: %s', async (statement) => {
  await database.admin.query('SET ROLE {{role}}');
  await expect(database.admin.query(statement)).rejects.toMatchObject({ code: '42501' });
  await database.admin.query('RESET ROLE');
});
