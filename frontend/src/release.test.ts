import { describe, expect, test } from 'vitest';
import { parseRelease } from './release';

const revision = { revision: 'a1', message: 'create notes', revises: [], depends_on: [], branch_labels: ['notes'], create_date: '2026-11-22T10:15:00Z' };
const release = { commit: 'c0ffee', built_at: '2026-11-22T10:20:00Z', environment: 'dev', heads: ['a1'], revisions: [revision] };

test('reads what xtask writes', () => {
  expect(parseRelease(release)).toEqual({
    commit: 'c0ffee',
    builtAt: '2026-11-22T10:20:00Z',
    environment: 'dev',
    heads: ['a1'],
    revisions: [
      { revision: 'a1', message: 'create notes', revises: [], dependsOn: [], branchLabels: ['notes'], createDate: '2026-11-22T10:15:00Z' },
    ],
  });
});

test('a checkout without git has no commit', () => {
  expect(parseRelease({ ...release, commit: null }).commit).toBeNull();
});

describe('says what is wrong, and where', () => {
  test.each([
    ['release.json is no object', null],
    ['release.json is no object', []],
    ['revisions is no list', { ...release, revisions: undefined }],
    ['revisions[0].message is no text', { ...release, revisions: [{ ...revision, message: 1 }] }],
    ['revisions[0].revises[0] is no text', { ...release, revisions: [{ ...revision, revises: [null] }] }],
    ['there is no revision b2', { ...release, heads: ['b2'] }],
    ['there is no revision b2', { ...release, revisions: [{ ...revision, depends_on: ['b2'] }] }],
    ['built_at is no text', { ...release, built_at: 5 }],
  ])('%s', (message, value) => {
    expect(() => parseRelease(value)).toThrow(message);
  });
});
