// The calendar under test, with the stub of the API, at the time of the stub's data.

import type { BrowserContextOptions, Page } from 'playwright-core';
import { type Opened, open } from './harness';
import { NOW, StubApi, TIME_ZONE } from './stub';

/** Opens the calendar. `prepare` changes the API before the page loads. */
export async function calendar(
  options: BrowserContextOptions & { hash?: string; prepare?: (api: StubApi) => void },
  use: (opened: Opened & { api: StubApi }) => Promise<void>,
) {
  const { hash = '', prepare, ...context } = options;
  const api = new StubApi();
  prepare?.(api);
  async function install(page: Page) {
    await page.clock.install({ time: NOW });
    await api.install(page);
  }
  await open(hash, { viewport: { width: 1280, height: 900 }, timezoneId: TIME_ZONE, ...context }, install, (opened) => use({ ...opened, api }));
}
