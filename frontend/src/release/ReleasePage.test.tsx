import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ReleasePage } from './ReleasePage';
import type { Release } from './release';

const release: Release = {
  commit: '0123456789abcdef0123456789abcdef01234567',
  builtAt: '2026-11-22T10:20:30Z',
  environment: 'staging',
  heads: ['b2'],
  revisions: [
    { revision: 'b2', message: 'add tags', revises: ['a1'], dependsOn: [], branchLabels: ['tags'], createDate: '2026-11-22T10:15:00Z' },
    { revision: 'a1', message: 'create notes', revises: [], dependsOn: [], branchLabels: [], createDate: '' },
  ],
  diagram: null,
};

function text(html: string): string {
  return html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim();
}

test('shows commit, time, environment and head', () => {
  const page = text(renderToStaticMarkup(<ReleasePage state={{ kind: 'ready', release }} />));
  for (const part of ['staging', '0123456789ab', '2026-11-22 10:20 UTC', 'Schema head b2', '2 revisions, newest first', 'add tags', 'tags']) {
    expect(page).toContain(part);
  }
});

test('shows several heads', () => {
  const page = text(renderToStaticMarkup(<ReleasePage state={{ kind: 'ready', release: { ...release, heads: ['a1', 'b2'] } }} />));
  expect(page).toContain('Schema heads a1 b2');
});

test('shows an invalid time as it is, and that the commit is unknown', () => {
  const page = text(renderToStaticMarkup(<ReleasePage state={{ kind: 'ready', release: { ...release, builtAt: 'today', commit: null } }} />));
  expect(page).toContain('today');
  expect(page).toContain('unknown (not a Git repository)');
});

test('without a release, says what writes one', () => {
  const html = renderToStaticMarkup(<ReleasePage state={{ kind: 'failed', reason: 'release.json: 404 Not Found' }} />);
  expect(html).toContain('role="alert"');
  expect(text(html)).toContain('release.json: 404 Not Found');
  expect(text(html)).toContain('cargo xtask publish');
});

test('shows messages as text, not markup', () => {
  const [first, ...rest] = release.revisions;
  if (first === undefined) throw new Error('no revision');
  const html = renderToStaticMarkup(
    <ReleasePage state={{ kind: 'ready', release: { ...release, revisions: [{ ...first, message: '<script>alert(1)</script>' }, ...rest] } }} />,
  );
  expect(html).not.toContain('<script>');
});

test('shows the diagram, with its tables in words', () => {
  const diagram = { file: 'release.svg', title: 'Schema at b2: 1 table', tables: ['notes: 2 columns, <changed>'] };
  const html = renderToStaticMarkup(<ReleasePage state={{ kind: 'ready', release: { ...release, diagram } }} />);
  expect(html).toContain('<img src="release.svg" alt="Schema at b2: 1 table" loading="lazy"/>');
  expect(html).toContain('notes: 2 columns, &lt;changed&gt;');
});

test('without a diagram, shows none', () => {
  expect(renderToStaticMarkup(<ReleasePage state={{ kind: 'ready', release }} />)).not.toContain('<img');
});
