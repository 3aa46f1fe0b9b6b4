import { expect, test } from 'vitest';
import { layout, path } from './graph';
import type { Revision } from './release';

/** `id<parent,parent~dependency`, newest first. */
function graph(...lines: string[]): Revision[] {
  return lines.map((line) => {
    const [id = '', rest = ''] = line.split('<');
    const [revises = '', dependsOn = ''] = rest.split('~');
    const ids = (text: string) => text.split(',').filter((id) => id !== '');
    return { revision: id, message: id, revises: ids(revises), dependsOn: ids(dependsOn), branchLabels: [], createDate: '' };
  });
}

function lanes(revisions: Revision[]): string {
  return layout(revisions)
    .dots.map((dot) => `${dot.revision.revision}${dot.lane}`)
    .join(' ');
}

test('a linear history stays in one lane', () => {
  expect(lanes(graph('c<b', 'b<a', 'a'))).toBe('c0 b0 a0');
  expect(layout(graph('c<b', 'b<a', 'a')).lanes).toBe(1);
});

test('branches are next to each other and meet where they started', () => {
  expect(lanes(graph('d<b', 'c<b', 'b<a', 'a'))).toBe('d0 c1 b0 a0');
});

test('a merge opens a lane for each further parent', () => {
  expect(lanes(graph('m<b,c', 'c<a', 'b<a', 'a'))).toBe('m0 c1 b0 a0');
});

test('a free lane is reused', () => {
  const { lanes: count } = layout(graph('z<y,x', 'x<w', 'y<w', 'w<v,u', 'u<t', 'v<t', 't'));
  expect(count).toBe(2);
});

test('two bases', () => {
  expect(lanes(graph('b', 'a'))).toBe('b0 a0');
});

test('every parent and dependency has a line', () => {
  const { edges } = layout(graph('d<b~c', 'c<b', 'b<a', 'a'));
  expect(edges.map((edge) => `${edge.from.revision.revision}${edge.kind === 'revises' ? '-' : '~'}${edge.to.revision.revision}`)).toEqual([
    'd-b',
    'd~c',
    'c-b',
    'b-a',
  ]);
});

test('no line passes through the dot of another revision', () => {
  const { dots, edges } = layout(graph('g<e,f', 'f<c', 'e<d', 'd<b~c', 'c<b', 'b<a', 'a'));
  for (const edge of edges.filter((edge) => edge.kind === 'revises')) {
    const between = dots.filter((dot) => dot.lane === edge.lane && dot.row > edge.from.row && dot.row < edge.to.row);
    expect(between, `${edge.from.revision.revision} to ${edge.to.revision.revision}`).toEqual([]);
  }
});

test('a line within its own lane is straight; others bend', () => {
  const { edges } = layout(graph('c<a', 'b<a', 'a'));
  expect(edges.map((edge) => path(edge, 10, 10))).toEqual(['M5 5L5 25', 'M15 15L15 15C15 20 5 20 5 25']);
});
