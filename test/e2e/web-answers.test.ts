import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useBrowser } from '../harness/browser-scene.ts';
import { describeInBrowser } from '../harness/chromium.ts';
import { fillOffice } from '../harness/office.ts';
import { startPageFixture } from '../harness/page-fixture.ts';
import { visit } from '../harness/page-visit.ts';

const screens = [
  ['1440 × 900', { viewport: { width: 1_440, height: 900 } }],
  ['390 × 844', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true }],
] as const;

/** Questions of a first-time user, the element that answers each, and the answer. */
const questions = [
  ['who is here', '.card-online', /Online\s+8\s+of 11/],
  ['who went away', '.card-left', /Just left\s+1\s+Kitchen tablet/],
  ['who is silent', '.card-quiet', /Not heard from\s+2\s+Hall display .* attic-pi/],
  ['is something wrong', '.card-attention', /Needs attention\s+4\s/],
] as const;

describeInBrowser('the four questions', () => {
  const browser = useBrowser();

  it.each(screens)(
    'are answered in the first view of %s',
    async (_, look) => {
      const fixture = await startPageFixture({ ttlMs: 900_000 });
      await fillOffice(fixture);
      const { page, close } = await visit(browser(), fixture.url, look);
      await page.locator('.badge-live').waitFor();
      for (const [question, place, answer] of questions) {
        await expect.poll(() => page.locator(place).innerText(), { message: question }).toMatch(answer);
        expect(await isInFirstView(page, place), question).toBe(true);
      }

      await page.evaluate(setPageHidden, true);
      fixture.clock.moveOn(61_000);
      await fixture.connect({ id: 'web', mode: 'webchat', instanceId: 'newcomer', displayName: 'Newcomer' });
      await page.locator('[data-key=newcomer]').waitFor({ state: 'attached' });
      await page.evaluate(setPageHidden, false);
      const band = page.locator('.band');
      await band.waitFor();
      await expect.poll(() => band.innerText()).toMatch(/Since you last looked.*\+1\s+joined: Newcomer/s);
      expect(await isInFirstView(page, '.band')).toBe(true);
      await band.getByRole('button', { name: 'Timeline' }).click();
      await page.locator('.timeline .entry', { hasText: 'Newcomer' }).waitFor();
      await page.keyboard.press('Escape');
      await band.getByRole('button', { name: 'Mark as seen' }).click();
      await band.waitFor({ state: 'detached' });
      await close();
      await fixture.close();
    },
    60_000,
  );
});

function isInFirstView(page: Page, place: string): Promise<boolean> {
  return page.locator(place).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return window.scrollY === 0 && top >= 0 && bottom <= window.innerHeight;
  });
}

/** Runs in the page: hides or shows it, as another tab does. */
function setPageHidden(isAway: boolean): void {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => isAway });
  document.dispatchEvent(new Event('visibilitychange'));
}
