// Tests booking a room: with the keyboard only, and with each kind of refusal.

import { expect, test } from 'vitest';
import { calendar } from './calendar';
import { SCREENS, inspect, useBrowser } from './harness';
import { BROKEN, CONFLICT, UNKNOWN_MEMBER } from './stub';

useBrowser();

const FREE = 'Adriatic, Wednesday 25 November, free from 10:30 to 13:00';
const BOOKED = 'Adriatic, Wednesday 25 November, booked from 12:00 to 13:00 by Ada';

test.each(SCREENS)('books a room with the keyboard alone on %s', async (name, options) => {
  await calendar(options, async (opened) => {
    const { page, api } = opened;
    const slot = page.getByRole('button', { name: FREE });
    await slot.waitFor();
    // Every free time can be reached with the Tab key.
    for (let presses = 0; !(await slot.evaluate((element) => element === document.activeElement)); presses++) {
      if (presses > 60) throw new Error('Tab does not reach the free time');
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Space');
    const dialog = page.getByRole('dialog', { name: 'Book a room' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await slot.evaluate((element) => element === document.activeElement), 'the focus returns').toBe(true);

    await page.keyboard.press('Enter');
    await dialog.waitFor();
    expect(await dialog.getByLabel('Room').inputValue()).toBe('9007199254740993');
    expect(await dialog.getByLabel('Date').inputValue()).toBe('2026-11-25');
    expect([await dialog.getByLabel('Start').inputValue(), await dialog.getByLabel('End').inputValue()]).toEqual(['10:30', '11:30']);
    await dialog.getByLabel('Start').fill('12:00');
    await dialog.getByLabel('End').fill('13:00');
    await inspect(opened, `the form on ${name}`, 'dialog');

    // Errors that the page finds are at their fields, and the first one gets the focus.
    await dialog.getByLabel('End').press('Enter');
    await dialog.getByText('Enter an e-mail address').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email');
    expect(api.posted).toEqual([]);
    await page.keyboard.type('ada@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Planning');
    for (const _ of ['Cancel', 'Book']) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');

    await page.getByRole('status').getByText('Booked: Adriatic, Wednesday 25 November, 12:00–13:00').waitFor();
    await page.getByText(BOOKED).waitFor({ state: 'attached' });
    expect(api.posted).toEqual([
      { room: '9007199254740993', email: 'ada@example.com', start: '2026-11-25T11:00:00Z', end: '2026-11-25T12:00:00Z', note: 'Planning' },
    ]);
    await page.locator('[data-new]:focus').waitFor();
    await inspect(opened, `booked on ${name}`);
  });
}, 30_000);

test.each(SCREENS)('says what is wrong, and where, on %s', async (name, options) => {
  await calendar(options, async (opened) => {
    const { page, api } = opened;
    await page.getByRole('button', { name: FREE }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Start').fill('12:00');
    await dialog.getByLabel('End').fill('11:00');
    await dialog.getByLabel('E-mail').fill('mallory@example.com');
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await dialog.getByText('The end must be after the start').waitFor();
    await dialog.getByLabel('End').fill('13:00');

    api.writes = UNKNOWN_MEMBER;
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await dialog.getByText('no member has this address').waitFor();
    expect(await dialog.getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true');
    await inspect(opened, `an invalid field on ${name}`, 'dialog');

    api.writes = CONFLICT;
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    const alert = dialog.getByRole('alert');
    await alert.getByText('Already booked:').waitFor();
    expect(await alert.innerText()).toContain('Wednesday 25 November, 12:00–13:00');
    await inspect(opened, `a conflict on ${name}`, 'dialog');

    api.writes = BROKEN;
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await alert.getByText('Request 4711').waitFor();

    api.writes = 'lost';
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await alert.getByText('The booking may have been made').waitFor();
  });
}, 30_000);

test('sends a booking once, however often the button is pressed, and shows one in another week', async () => {
  await calendar({}, async ({ page, api }) => {
    api.writes = 'waiting';
    await page.getByRole('button', { name: 'Book a room' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Room').selectOption({ label: 'Adriatic (12 seats)' });
    await dialog.getByLabel('Date').fill('2026-12-02');
    await dialog.getByLabel('E-mail').fill('ada@example.com');
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await dialog.getByRole('button', { name: 'Booking …' }).click({ force: true });
    await dialog.getByLabel('E-mail').press('Enter');
    expect(api.posted.length).toBe(1);

    // Closing the form aborts the request.
    await page.keyboard.press('Escape');
    api.writes = 'booked';
    await page.getByRole('button', { name: 'Book a room' }).click();
    await dialog.getByLabel('Date').fill('2026-12-02');
    await dialog.getByLabel('E-mail').fill('ada@example.com');
    await dialog.getByRole('button', { name: 'Book', exact: true }).click();
    await page.getByText('Baltic, Wednesday 2 December, booked from 11:00 to 12:00 by Ada').waitFor({ state: 'attached' });
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('30 November – 6 December 2026');
    expect(api.posted.length).toBe(2);
  });
}, 30_000);

test('a click in free time starts there', async () => {
  await calendar({}, async ({ page }) => {
    const slot = page.getByRole('button', { name: 'Adriatic, Friday 27 November, free from 08:00 to 20:00' });
    const box = await slot.boundingBox();
    await slot.click({ position: { x: 20, y: ((box?.height ?? 0) * 6.6) / 12 } });
    const dialog = page.getByRole('dialog');
    expect([await dialog.getByLabel('Start').inputValue(), await dialog.getByLabel('End').inputValue()]).toEqual(['14:30', '15:30']);
  });
}, 30_000);
