import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { watchMainThread } from '../../bench/load/main-thread.ts';
import { launchChromium } from '../harness/chromium.ts';
import { startPageFixture } from '../harness/page-fixture.ts';
import { visit } from '../harness/page-visit.ts';

/** Above this, a person notices (https://www.w3.org/TR/longtasks-1/). */
const longTaskMs = 50;

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Scrolls up and down, through everything, for a while. */
function scroll(page: Page, forMs: number): Promise<void> {
  return page.evaluate(async (durationMs) => {
    const start = performance.now();
    // Asked once: the browser lays everything out to answer.
    const height = document.documentElement.scrollHeight;
    while (performance.now() - start < durationMs) {
      await new Promise(requestAnimationFrame);
      const share = (1 + Math.sin(performance.now() / 700)) / 2;
      window.scrollTo(0, share * height);
    }
  }, forMs);
}

it('200 rows with 50 updates a second: no long task while scrolling', async () => {
  const fixture = await startPageFixture();
  fixture.crowd(198);
  const { page, close } = await visit(browser, fixture.url);
  await page.locator('.badge-live').waitFor();
  await page.waitForTimeout(3_000);
  let updates = 0;
  const timer = setInterval(() => {
    fixture.crowdOne(updates % 198, { lastInputSeconds: updates % 60, reason: `update-${updates % 7}` });
    updates += 1;
  }, 20);
  const watched = await watchMainThread(browser, page, () => scroll(page, 10_000));
  clearInterval(timer);
  process.stdout.write(`${updates} updates in 10 s: ${JSON.stringify(watched)}\n`);
  expect(watched.longestMs).toBeLessThan(longTaskMs);
  await close();
  await fixture.close();
});
