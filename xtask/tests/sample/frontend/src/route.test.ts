import { expect, test } from 'vitest';
import { parseRoute, weekAddress } from './route';

test.each([
  ['', { view: 'calendar', day: null }],
  ['#/', { view: 'calendar', day: null }],
  ['#/week/2026-11-25', { view: 'calendar', day: '2026-11-25' }],
  ['#/week/2026-11-31', { view: 'calendar', day: null }],
  ['#/nowhere', { view: 'calendar', day: null }],
  ['#/release', { view: 'release' }],
  ['#19e7a6d3c05f', { view: 'release' }],
])('%j is %j', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
});

test('the address of a week is a route', () => {
  expect(parseRoute(weekAddress(new Date(2026, 10, 25)))).toEqual({ view: 'calendar', day: '2026-11-25' });
});
