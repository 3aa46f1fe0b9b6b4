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
    diagram: null,
  });
});

test('reads the diagram', () => {
  const diagram = { file: 'release.svg', title: 'Schema at a1: 1 table', tables: ['notes: 2 columns'] };
  expect(parseRelease({ ...release, diagram }).diagram).toEqual(diagram);
  expect(() => parseRelease({ ...release, diagram: {} })).toThrow('diagram.file is not a string');
});

test('a build outside a Git repository has no commit', () => {
  expect(parseRelease({ ...release, commit: null }).commit).toBeNull();
});

test('the database may be at a newer release', () => {
  expect(parseRelease({ ...release, heads: ['b2'] }).heads).toEqual(['b2']);
});

describe('reports what is wrong, and where', () => {
  test.each([
    ['release.json is not an object', null],
    ['release.json is not an object', []],
    ['revisions is not a list', { ...release, revisions: undefined }],
    ['revisions[0].message is not a string', { ...release, revisions: [{ ...revision, message: 1 }] }],
    ['revisions[0].revises[0] is not a string', { ...release, revisions: [{ ...revision, revises: [null] }] }],
    ['unknown revision b2', { ...release, revisions: [{ ...revision, depends_on: ['b2'] }] }],
    ['built_at is not a string', { ...release, built_at: 5 }],
  ])('%s', (message, value) => {
    expect(() => parseRelease(value)).toThrow(message);
  });
});
