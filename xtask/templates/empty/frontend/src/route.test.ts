import { expect, test } from 'vitest';
import { parseRoute } from './route';

test.each([
  ['', 'notes'],
  ['#/', 'notes'],
  ['#/unknown', 'notes'],
  ['#/release', 'release'],
  ['#19e7a6d3c05f', 'release'],
])('%o shows the page %s', (hash, view) => {
  expect(parseRoute(hash)).toBe(view);
});
