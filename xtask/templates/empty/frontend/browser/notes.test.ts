// Tests the built page in a browser, with a stub of the API.

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { SCREENS, inspect, open, useBrowser } from './harness';

useBrowser();

const NOTE = { id: '1', body: '<b>milk</b>', created_at: '2026-11-23T09:00:00Z' };

/** Responds to each request for the notes; a new note gets the next id. */
const stub = (notes: object[]) => (page: Page) =>
  page.route('**/api/notes', (route) => {
    const body = route.request().postDataJSON() as { body: string } | null;
    if (body === null) return route.fulfill({ json: { notes } });
    return route.fulfill({ status: 201, json: { ...NOTE, id: String(notes.length + 1), body: body.body } });
  });

test.each(SCREENS)('shows the notes on %s', async (name, options) => {
  await open('', options, stub([NOTE]), async (opened) => {
    expect(await opened.page.getByRole('listitem').innerText()).toContain('<b>milk</b>');
    await inspect(opened, `notes on ${name}`);
  });
}, 30_000);

test('the keyboard adds a note', async () => {
  await open('', {}, stub([]), async (opened) => {
    const { page } = opened;
    await page.getByText('There are no notes yet.').waitFor();
    await page.getByLabel('New note').focus();
    await page.keyboard.type('bread');
    await page.keyboard.press('Enter');
    await page.getByRole('listitem').filter({ hasText: 'bread' }).waitFor();
    expect(await page.getByLabel('New note').inputValue()).toBe('');
    expect(opened.consoleErrors).toEqual([]);
  });
}, 30_000);

test('an error can be retried', async () => {
  let isBroken = true;
  const prepare = (page: Page) =>
    page.route('**/api/notes', (route) =>
      isBroken
        ? route.fulfill({ status: 503, json: { title: 'The database is not available', status: 503, detail: 'Try again in a moment.' } })
        : route.fulfill({ json: { notes: [NOTE] } }),
    );
  await open('', {}, prepare, async (opened) => {
    const { page } = opened;
    expect(await page.getByRole('alert').innerText()).toContain('Try again in a moment.');
    await inspect(opened, 'an error');
    isBroken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('listitem').waitFor();
  });
}, 30_000);

test('the footer names the release, and links to its page', async () => {
  await open('', {}, stub([]), async ({ page }) => {
    await page.getByRole('link', { name: 'About this release' }).click();
    await page.getByRole('heading', { name: 'Release', level: 1 }).waitFor();
    await page.locator('.graph li').first().waitFor();
  });
}, 30_000);
