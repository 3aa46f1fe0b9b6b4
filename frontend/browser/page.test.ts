// Tests the built page in a real browser: its content on desktops and phones, in light and dark mode, and its accessibility.
// CHROMIUM is the path of the browser. `cargo xtask test frontend` first builds the page with the revisions' release.json.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseRelease } from '../src/release';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const release = parseRelease(JSON.parse(readFileSync('dist/release.json', 'utf8')));
const screenshots = process.env['SCREENSHOTS'];

let server: PreviewServer;
let browser: Browser;
let address: string;

beforeAll(async () => {
  const executablePath = process.env['CHROMIUM'];
  if (executablePath === undefined) throw new Error('CHROMIUM is not set');
  server = await preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
  address = server.resolvedUrls?.local[0] ?? '';
  const quiet = ['--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  // Chromium cannot use its sandbox when it runs as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  browser = await chromium.launch({ executablePath, args: [...sandbox, ...quiet] });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Opens the page and collects the browser's errors and warnings. */
async function open(options: BrowserContextOptions, use: (page: Page, consoleErrors: string[]) => Promise<void>, prepare?: (page: Page) => Promise<unknown>) {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    const consoleErrors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => consoleErrors.push(error.message));
    await prepare?.(page);
    await page.goto(address, { waitUntil: 'networkidle' });
    await use(page, consoleErrors);
  } finally {
    await context.close();
  }
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const result = await page.evaluate(() => (window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run());
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

const looks: [string, BrowserContextOptions][] = [
  ['a desktop, light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['a desktop, dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
  ['a phone, light', { viewport: { width: 360, height: 740 }, colorScheme: 'light', deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
  ['a phone, dark', { viewport: { width: 360, height: 740 }, colorScheme: 'dark', deviceScaleFactor: 2, isMobile: true, hasTouch: true }],
];

test.each(looks)('shows the release on %s', async (name, options) => {
  await open(options, async (page, consoleErrors) => {
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

    // Each dot is vertically centered in its row.
    const [dot, row] = await Promise.all([page.locator('.graph circle').last().boundingBox(), page.locator('.graph li').last().boundingBox()]);
    if (dot === null || row === null) throw new Error('the dot or the row is missing');
    expect(Math.abs(dot.y + dot.height / 2 - (row.y + row.height / 2))).toBeLessThan(1);

    for (const text of await page.locator('.details').all()) {
      expect(await text.evaluate((element) => element.scrollHeight - element.clientHeight), 'no text is cut off').toBeLessThanOrEqual(1);
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(overflow, 'nothing overflows horizontally').toBe(0);
    if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/${name.replace(/\W+/g, '-')}.png`, fullPage: true });
    expect(await violations(page)).toEqual([]);
    expect(consoleErrors).toEqual([]);
  });
}, 30_000);

test('a head links to its revision', async () => {
  await open({}, async (page) => {
    const link = page.locator('.facts a').first();
    await link.focus();
    await page.keyboard.press('Enter');
    // The browser navigates after the key press, not during it.
    await page.waitForURL(({ hash }) => hash === `#${release.heads[0]}`);
    expect(await page.locator('.graph li:target .message').count()).toBe(1);
  });
}, 30_000);

test.each([
  ['is missing', 404, 'Not Found', 'release.json: 404'],
  ['is the page itself, from a server with a catch-all route', 200, '<!doctype html><title>Release</title>', 'release.json is not JSON'],
  ['has the wrong structure', 200, '{"heads": 1}', 'revisions is not a list'],
])('shows an error if release.json %s', async (_, status, body, message) => {
  await open(
    {},
    async (page) => {
      expect(await page.getByRole('alert').innerText()).toContain(message);
      expect(await violations(page)).toEqual([]);
    },
    (page) => page.route('**/release.json', (route) => route.fulfill({ status, body })),
  );
}, 30_000);
