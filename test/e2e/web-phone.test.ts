import type { Browser, Page } from 'playwright-core';
import { encode } from 'uqr';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, launchChromium } from '../harness/chromium.ts';
import { testToken } from '../harness/connect-params.ts';
import { type PageFixture, startPageFixture } from '../harness/page-fixture.ts';
import { visit } from '../harness/page-visit.ts';

/** A name under which others could reach the gateway. */
const name = 'gateway.example';

describeInBrowser('opening the page on a phone', () => {
  let browser: Browser;
  let fixture: PageFixture;
  beforeAll(async () => {
    browser = await launchChromium([`--host-resolver-rules=MAP ${name} 127.0.0.1`]);
    fixture = await startPageFixture();
  });
  afterAll(async () => {
    await browser.close();
    await fixture.close();
  });

  it('draws a code that signs in, only on request, and removes it afterwards', async () => {
    const { page, complaints, close } = await visit(browser, fixture.url.replace('127.0.0.1', name));
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Open on your phone' }).click();
    const dialog = page.getByRole('dialog', { name: 'Open on your phone' });
    await dialog.getByText('Without HTTPS').waitFor();
    expect(await page.locator('.phone-code').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Show code' }).click();
    const { width, height } = (await page.locator('.phone-code').boundingBox()) ?? { width: 0, height: 0 };
    expect([width > 150, width === height]).toEqual([true, true]);
    const address = `${fixture.url.replace('127.0.0.1', name)}#token=${encodeURIComponent(testToken)}`;
    expect(await darkSquares(page)).toEqual(squaresOf(address));
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain('phone-code');
    // Chromium logs for every page without TLS that it ignores this header.
    expect(complaints.filter((text) => !text.includes('Opener-Policy'))).toEqual([]);
    await close();
  });

  it('shows what to do where the address works on this computer alone', async () => {
    const { page, close } = await visit(browser, fixture.url);
    await page.locator('.badge-live').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('phone');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Open on your phone' });
    await dialog.getByText('rollcall open --qr').waitFor();
    expect(await dialog.getByRole('button', { name: 'Show code' }).count()).toBe(0);
    await close();
  });
});

/** Places of the dark squares of the code that is shown. */
async function darkSquares(page: Page): Promise<readonly string[]> {
  const path = (await page.locator('.phone-code path').getAttribute('d')) ?? '';
  return [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x} ${y}`);
}

/** The same of the code for a text. */
function squaresOf(text: string): readonly string[] {
  return encode(text, { border: 4 }).data.flatMap((line, y) =>
    line.flatMap((isDark, x) => (isDark ? [`${x} ${y}`] : [])),
  );
}
