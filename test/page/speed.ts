import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../harness/chromium.ts';
import { testToken } from '../harness/connect-params.ts';
import { watchMainThread } from '../harness/main-thread.ts';
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

/** Opens the page in a new profile: when the first row was drawn, by the page's clock, and the processor time until then. */
async function firstRow(url: string): Promise<{ readonly wallMs: number; readonly processorMs: number }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (document.querySelector('[data-key^=row-]') === null) return;
      seen.disconnect();
      requestAnimationFrame(() => setTimeout(() => performance.mark('first-row')));
    });
    seen.observe(document, { childList: true, subtree: true });
  });
  const devtools = await context.newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(`${url}#token=${testToken}`, { waitUntil: 'commit' });
  await page.waitForFunction(() => performance.getEntriesByName('first-row').length > 0);
  const { metrics } = await devtools.send('Performance.getMetrics');
  const wallMs = await page.evaluate(() => performance.getEntriesByName('first-row')[0]?.startTime ?? 0);
  const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  await context.close();
  return { wallMs: Math.round(wallMs), processorMs: Math.round(seconds * 1_000) };
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

it('10 000 rows open in under 1 s, and take 50 updates a second and scrolling without a long task', async () => {
  const fixture = await startPageFixture({ maxEntries: 20_000 });
  fixture.crowd(10_000);
  const opened = [await firstRow(fixture.url), await firstRow(fixture.url), await firstRow(fixture.url)];
  process.stdout.write(`10 000 rows, drawn after: ${JSON.stringify(opened)}\n`);
  const { page, close } = await visit(browser, fixture.url);
  await page.locator('[data-key^=row-]').first().waitFor();
  await page.waitForTimeout(3_000);
  let updates = 0;
  const timer = setInterval(() => {
    fixture.crowdOne((updates * 37) % 10_000, {
      lastInputSeconds: updates % 60,
      reason: `update-${updates % 7}`,
    });
    updates += 1;
  }, 20);
  const watched = await watchMainThread(browser, page, () => scroll(page, 8_000));
  clearInterval(timer);
  process.stdout.write(`10 000 rows, ${updates} updates while scrolling: ${JSON.stringify(watched)}\n`);
  expect(Math.min(...opened.map(({ wallMs }) => wallMs))).toBeLessThan(1_000);
  expect(watched.longestMs).toBeLessThan(longTaskMs);
  await close();
  await fixture.close();
});
