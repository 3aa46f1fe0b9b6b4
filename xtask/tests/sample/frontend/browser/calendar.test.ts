// Tests the calendar in each of its states, with a stub of the API.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { calendar } from './calendar';
import { SCREENS, inspect, useBrowser } from './harness';
import { BROKEN, STARTING } from './stub';

useBrowser();

const free = (page: Page, name: string) => page.getByRole('button', { name });

test.each(SCREENS)('shows the week, and others, on %s', async (name, options) => {
  await calendar(options, async (opened) => {
    const { page, api } = opened;
    await free(page, 'Baltic, Wednesday 25 November, free from 11:00 to 20:00').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('23 – 29 November 2026');
    await page.getByText('Times in Europe/Berlin (GMT+1)').waitFor();
    await page.getByText('Baltic, Wednesday 25 November, booked from 09:00 to 11:00 by Ada').waitFor();
    await page.getByText('Ground floor · 4 seats').waitFor();
    await page.getByText('Video conference').waitFor();
    await inspect(opened, `the week on ${name}`);
    expect(await page.title(), 'names are text').toBe('Rooms');
    expect(api.paths.at(-1)).toBe('/api/calendar?from=2026-11-22T23%3A00%3A00Z&to=2026-11-29T23%3A00%3A00Z');

    await page.getByRole('link', { name: 'Next week' }).click();
    await page.getByRole('heading', { name: '30 November – 6 December 2026' }).waitFor();
    await page.getByText('No bookings this week').waitFor();
    await inspect(opened, `a week without bookings on ${name}`);
    await page.getByRole('link', { name: 'Previous week' }).click();
    await page.getByRole('link', { name: 'Previous week' }).click();
    await page.getByRole('heading', { name: '16 – 22 November 2026' }).waitFor();
    await page.getByText('No bookings this week').waitFor();
    expect(await page.getByRole('button', { name: /free from/ }).count(), 'the past cannot be booked').toBe(0);
    await page.getByRole('link', { name: 'Today' }).click();
    await page.getByText('Baltic, Wednesday 25 November, booked from 09:00 to 11:00 by Ada').waitFor();
  });
}, 30_000);

test('shows one day on a phone, and the others by their names', async () => {
  await calendar({ ...SCREENS[1]?.[1], hash: '#/week/2026-11-26' }, async ({ page }) => {
    await page.getByText('Adriatic, Thursday 26 November, booked from 09:00 to 17:00 by Ada').waitFor();
    await page.getByRole('link', { name: 'Tuesday 24 November' }).click();
    await page.getByText('Baltic, Tuesday 24 November, booked from 13:00 to 16:30 by Plato').waitFor();
    expect(await page.getByRole('link', { name: 'Tuesday 24 November' }).getAttribute('aria-current')).toBe('date');
  });
}, 30_000);

test.each(SCREENS)('says that it loads, and that there are no rooms, on %s', async (name, options) => {
  await calendar({ ...options, prepare: (api) => (api.reads = 'waiting') }, async (opened) => {
    const { page, api } = opened;
    await page.getByText('Loading 23 – 29 November 2026').waitFor({ state: 'attached' });
    expect(await page.getByRole('button', { name: 'Book a room' }).isDisabled()).toBe(true);
    await inspect(opened, `loading on ${name}`);
    api.reads = 'data';
    api.rooms = [];
    // The first requests never get a response: a week change aborts them.
    await page.getByRole('link', { name: 'Next week' }).click();
    await page.getByRole('heading', { name: 'No rooms yet' }).waitFor();
    await inspect(opened, `no rooms on ${name}`);
  });
}, 30_000);

test.each(SCREENS)('shows what the API says, and tries again, on %s', async (name, options) => {
  await calendar({ ...options, prepare: (api) => (api.reads = BROKEN) }, async (opened) => {
    const { page, api } = opened;
    const alert = page.getByRole('alert');
    await alert.getByText('The API has failed').waitFor();
    await alert.getByText('Request 4711 could not be answered.').waitFor();
    await inspect(opened, `an error on ${name}`);
    api.reads = STARTING;
    await alert.getByRole('button', { name: 'Try again' }).click();
    await alert.getByText('Tries again every 7 seconds').waitFor();
    api.reads = 'data';
    await page.clock.fastForward(7_000);
    await page.getByText('booked from 09:00 to 11:00 by Ada').first().waitFor();
    expect(await alert.count()).toBe(0);
  });
}, 30_000);

test('reports answers that are not understood, which a server with a catch-all route gives', async () => {
  await calendar({}, async ({ page }) => {
    const alert = page.getByRole('alert');
    for (const [body, detail] of [
      ['<!doctype html><title>Rooms</title>', 'not JSON'],
      ['{"rooms": [{"id": 1}]}', 'rooms[0].id is not a string'],
    ] as const) {
      await page.route('**/api/**', (route) => route.fulfill({ status: 200, body }));
      await page.getByRole('link', { name: 'Next week' }).click();
      await alert.getByText('The answer is not understood').waitFor();
      await alert.getByText(detail).waitFor();
    }
  });
}, 30_000);

test.each(SCREENS)('keeps the calendar without a network, and updates it when there is one, on %s', async (name, options) => {
  await calendar(options, async (opened) => {
    const { page, api } = opened;
    await page.getByText('booked from 09:00 to 11:00 by Ada').first().waitFor();
    await page.context().setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await page.getByText('This is the calendar as of 10:20').waitFor();
    await inspect(opened, `offline on ${name}`, '.notice');
    api.bookings = [];
    await page.context().setOffline(false);
    await page.getByText('No bookings this week').waitFor();
    expect(await page.getByText('You are offline.').count()).toBe(0);
  });
}, 30_000);

test('waits for the network if it starts without one, and tries again by itself if requests fail', async () => {
  await calendar({ prepare: (api) => (api.reads = 'lost') }, async ({ page, api }) => {
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
    await page.context().setOffline(true);
    await page.getByText('The calendar loads as soon as you are back online').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('alert').waitFor();
    api.reads = 'data';
    await page.clock.fastForward(5_000);
    await page.getByText('booked from 09:00 to 11:00 by Ada').first().waitFor();
  });
}, 30_000);
