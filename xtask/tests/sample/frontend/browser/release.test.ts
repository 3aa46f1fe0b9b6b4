// Tests the page of the release. `cargo xtask test frontend` first builds the page with the revisions' release.json.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { parseRelease } from '../src/release/release';
import { SCREENS, inspect, open, useBrowser } from './harness';
import { StubApi } from './stub';

const release = parseRelease(JSON.parse(readFileSync('dist/release.json', 'utf8')));

useBrowser();

const stubbed = (page: Page) => new StubApi().install(page);

test.each(SCREENS)('shows the release on %s', async (name, options) => {
  await open('#/release', options, stubbed, async (opened) => {
    const { page } = opened;
    await page.locator('.graph li').first().waitFor();
    const facts = await page.locator('.facts').innerText();
    expect(facts).toContain(release.environment);
    for (const head of release.heads) expect(facts).toContain(head);
    if (release.commit !== null) expect(facts).toContain(release.commit.slice(0, 12));

    const rows = await page.locator('.graph li').allInnerTexts();
    expect(rows.length).toBe(release.revisions.length);
    release.revisions.forEach((revision, index) => {
      expect(rows[index]).toContain(revision.message);
      expect(rows[index]).toContain(revision.revision);
    });
    expect(await page.locator('.graph circle').count()).toBe(release.revisions.length);
    const parents = release.revisions.flatMap((revision) => [...revision.revises, ...revision.dependsOn]);
    expect(await page.locator('.graph path').count()).toBe(parents.length);

    if (release.diagram !== null) {
      const image = page.locator('.diagram img');
      expect(await image.getAttribute('alt')).toBe(release.diagram.title);
      await image.scrollIntoViewIfNeeded();
      const width = () => image.evaluate((element: HTMLImageElement) => element.complete && element.naturalWidth);
      await expect.poll(width, { timeout: 30_000 }).toBeGreaterThan(0);
      await page.getByText('The tables in words').click();
      expect(await page.locator('.diagram li').allInnerTexts()).toEqual(release.diagram.tables);
    }

    // Each dot is vertically centered in its row. The image above moves them when it loads.
    const [dot, row] = await Promise.all([page.locator('.graph circle').last().boundingBox(), page.locator('.graph li').last().boundingBox()]);
    if (dot === null || row === null) throw new Error('the dot or the row is missing');
    expect(Math.abs(dot.y + dot.height / 2 - (row.y + row.height / 2))).toBeLessThan(1);

    for (const text of await page.locator('.details').all()) {
      expect(await text.evaluate((element) => element.scrollHeight - element.clientHeight), 'no text is cut off').toBeLessThanOrEqual(1);
    }
    await inspect(opened, `release on ${name}`);
  });
}, 120_000);

test('a head links to its revision', async () => {
  await open('#/release', {}, stubbed, async ({ page }) => {
    const link = page.locator('.facts a').first();
    await link.focus();
    await page.keyboard.press('Enter');
    // The browser navigates after the key press has been handled.
    await page.waitForURL(({ hash }) => hash === `#${release.heads[0]}`);
    expect(await page.locator('.graph li:target .message').count()).toBe(1);
  });
}, 120_000);

test('every view names the release in its footer, which links to the page of the release', async () => {
  await open('', {}, stubbed, async ({ page }) => {
    const footer = page.getByRole('contentinfo');
    await footer.getByText('commit').waitFor();
    const line = await footer.innerText();
    for (const part of [release.environment, ...release.heads, release.commit?.slice(0, 12) ?? 'unknown']) expect(line).toContain(part);
    await footer.getByRole('link', { name: 'About this release' }).click();
    await page.getByRole('heading', { name: 'Release', level: 1 }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Release');
    await page.getByRole('main').getByRole('link', { name: 'Home' }).click();
    await page.getByRole('link', { name: 'Next week' }).waitFor();
  });
}, 120_000);

test.each([
  ['is missing', 404, 'Not Found', 'release.json: 404'],
  ['is the page itself, from a server with a catch-all route', 200, '<!doctype html><title>Release</title>', 'release.json is not JSON'],
  ['has the wrong structure', 200, '{"heads": 1}', 'revisions is not a list'],
])('shows an error if release.json %s', async (reason, status, body, message) => {
  const prepare = (page: Page) => page.route('**/release.json', (route) => route.fulfill({ status, body }));
  await open('#/release', {}, prepare, async (opened) => {
    expect(await opened.page.getByRole('alert').innerText()).toContain(message);
    if (status === 404) await inspect(opened, `release.json ${reason}`);
  });
}, 120_000);
