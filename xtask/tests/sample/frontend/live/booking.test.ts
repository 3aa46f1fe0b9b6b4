// Tests a published page, with its API and database: PAGE is its address, and SERVER the host and port that serve it. The
// database has a room `Baltic`, and the member ada@example.com.

import { expect, test } from 'vitest';
import { SCREENS, open, useBrowser } from '../browser/harness';

useBrowser();

test.each(SCREENS)('books a room, and not twice, on %s', async (_, options) => {
  await open('', { ...options, timezoneId: 'Europe/Berlin' }, async () => {}, async ({ page, consoleErrors }) => {
    await page.getByRole('link', { name: 'Next week' }).click();
    await page.getByRole('button', { name: /^Baltic, .*, free from/ }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Book a room' });
    const date = await dialog.getByLabel('Date').inputValue();
    const times = [await dialog.getByLabel('Start').inputValue(), await dialog.getByLabel('End').inputValue()] as const;
    await dialog.getByLabel('E-mail').fill('ada@example.com');
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByRole('status').getByText(/^Booked: Baltic, /).waitFor();
    await page.getByText(/^Baltic, .*, booked from .* by Ada$/).first().waitFor({ state: 'attached' });

    await page.getByRole('button', { name: 'Book a room' }).click();
    await dialog.getByLabel('Room').selectOption({ label: 'Baltic (4 seats)' });
    await dialog.getByLabel('Date').fill(date);
    await dialog.getByLabel('Start').fill(times[0]);
    await dialog.getByLabel('End').fill(times[1]);
    await dialog.getByLabel('E-mail').fill('ada@example.com');
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    const alert = dialog.getByRole('alert');
    await alert.getByText('The room is taken').waitFor();
    await alert.getByText(times.join('–')).waitFor();
    expect(consoleErrors).toEqual([]);
  });
}, 60_000);
