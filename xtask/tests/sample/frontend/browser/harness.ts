// A real browser on the built page, or on a published one. CHROMIUM is the path of the browser.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core';
import { type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect } from 'vitest';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = process.env['SCREENSHOTS'];

let server: PreviewServer | undefined;
let browser: Browser;
let address: string;

/** Starts the browser and, unless PAGE is the address of a page, a server of the built one for the tests of a file. */
export function useBrowser() {
  beforeAll(async () => {
    const executablePath = process.env['CHROMIUM'];
    if (executablePath === undefined) throw new Error('CHROMIUM is not set');
    const { PAGE: page, SERVER: place } = process.env;
    if (page === undefined) server = await preview({ preview: { port: 0, host: '127.0.0.1' }, logLevel: 'error' });
    address = page ?? server?.resolvedUrls?.local[0] ?? '';
    // The browser also sends requests that are unrelated to the page, such as for updates of its components.
    const rules = place === undefined ? undefined : `MAP ${new URL(address).hostname} ${place}, MAP * ~NOTFOUND`;
    const resolver = rules === undefined ? [] : [`--host-resolver-rules=${rules}`];
    const quiet = ['--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
    // Chromium cannot use its sandbox when it runs as root.
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    browser = await chromium.launch({ executablePath, args: [...sandbox, ...quiet, ...resolver] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });
}

/** A page under test. */
export interface Opened {
  page: Page;
  /** The errors and warnings of the browser. A failed request is not one: tests make requests fail. */
  consoleErrors: string[];
}

/** Opens the page, and closes it after the test. `prepare` runs before the page loads. */
export async function open(
  hash: string,
  options: BrowserContextOptions,
  prepare: (page: Page) => Promise<unknown>,
  use: (opened: Opened) => Promise<void>,
) {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const consoleErrors: string[] = [];
    page.on('console', (message) => {
      const isProblem = message.type() === 'error' || message.type() === 'warning';
      if (isProblem && !message.text().startsWith('Failed to load resource')) consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => consoleErrors.push(error.message));
    await prepare(page);
    await page.goto(`${address}${hash}`);
    await use({ page, consoleErrors });
  } finally {
    await context.close();
  }
}

const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };
const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** The screens that every state is tested on. */
export const SCREENS: [string, BrowserContextOptions][] = [
  ['a desktop', DESKTOP],
  ['a phone', PHONE],
];

interface AxeWindow {
  axe: { run(within: string, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
}

/** The findings of axe in a part of the page. */
async function violations(page: Page, within: string, rules: object): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  // Passed checks are not collected, which would take most of the time.
  const options = { ...rules, resultTypes: ['violations'], iframes: false };
  const result = await page.evaluate(([within, options]) => (window as unknown as AxeWindow).axe.run(within, options), [within, options] as const);
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/**
 * Checks a state of the page in light and dark mode: its accessibility, and that nothing overflows horizontally.
 * `within` is the part that differs from another state that is also inspected.
 */
export async function inspect({ page, consoleErrors }: Opened, name: string, within = 'html') {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const state = `${name}, ${colorScheme}`;
    if (screenshots !== undefined) await page.screenshot({ path: `${screenshots}/${state.replace(/\W+/g, '-')}.png`, fullPage: true });
    // Only the colors differ in dark mode.
    const rules = colorScheme === 'light' ? {} : { runOnly: ['color-contrast'] };
    expect(await violations(page, within, rules), state).toEqual([]);
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${name}: nothing overflows horizontally`).toBe(0);
  expect(consoleErrors).toEqual([]);
}
