import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../harness/chromium.ts';
import { startPageStage } from '../harness/page-stage.ts';
import { visit } from '../harness/page-visit.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

interface Watched {
  readonly longTasksMs: readonly number[];
  readonly slowFrames: number;
  readonly frames: number;
}

/** Scrolls up and down for a while, and says which tasks took over 50 ms and how many frames came late. */
function scrollAndWatch(page: Page, forMs: number): Promise<Watched> {
  return page.evaluate(async (durationMs) => {
    const longTasksMs: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longTasksMs.push(Math.round(duration));
    });
    observer.observe({ entryTypes: ['longtask'] });
    const start = performance.now();
    let [last, frames, slowFrames] = [start, 0, 0];
    while (performance.now() - start < durationMs) {
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      frames += 1;
      if (now - last > 34) slowFrames += 1;
      last = now;
      window.scrollTo(0, ((1 + Math.sin(now / 700)) / 2) * document.documentElement.scrollHeight);
    }
    observer.disconnect();
    return { longTasksMs, slowFrames, frames };
  }, forMs);
}

it('200 rows with 50 updates a second: no task over 50 ms while scrolling', async () => {
  const stage = await startPageStage();
  stage.crowd(198);
  const { page, close } = await visit(browser, stage.url);
  await page.locator('.badge-live').waitFor();
  await page.waitForTimeout(3_000);
  let updates = 0;
  const timer = setInterval(() => {
    const i = updates++ % 198;
    stage.crowdOne(i, { lastInputSeconds: updates % 60, reason: updates % 2 === 0 ? 'periodic' : 'launch' });
  }, 20);
  const watched = await scrollAndWatch(page, 10_000);
  clearInterval(timer);
  process.stdout.write(`${updates} updates in 10 s: ${JSON.stringify(watched)}\n`);
  expect(watched.longTasksMs).toEqual([]);
  await close();
  await stage.close();
});

it('10 000 rows open in under 2 s, and scroll', async () => {
  const stage = await startPageStage({ maxEntries: 20_000 });
  stage.crowd(10_000);
  const { page, close } = await visit(browser, stage.url);
  await page.locator('[data-key^=row-]').first().waitFor();
  const openedMs = Math.round(await page.evaluate(() => performance.now()));
  await page.waitForTimeout(3_000);
  const watched = await scrollAndWatch(page, 5_000);
  process.stdout.write(`10 000 rows opened in ${openedMs} ms; scrolling: ${JSON.stringify(watched)}\n`);
  expect(openedMs).toBeLessThan(2_000);
  await close();
  await stage.close();
});
