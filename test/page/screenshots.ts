import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { launchChromium } from '../harness/chromium.ts';
import type { PageFixture } from '../harness/page-fixture.ts';
import { arriveAt, pageStates, type SceneName, startScene } from '../harness/page-states.ts';

/** Where the pictures go: `SCREENSHOTS`, or the folder of the documentation. */
const folder =
  process.env['SCREENSHOTS'] ?? fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

const desk = { width: 1280, height: 860, language: 'en' } as const;
const views = [
  { suffix: 'light', colorScheme: 'light', ...desk },
  { suffix: 'dark', colorScheme: 'dark', ...desk },
  { suffix: 'phone-light', colorScheme: 'light', width: 390, height: 844, language: 'en' },
  { suffix: 'small-dark', colorScheme: 'dark', width: 320, height: 640, language: 'de' },
  { suffix: 'ja-light', colorScheme: 'light', ...desk, language: 'ja' },
  { suffix: 'forced-light', colorScheme: 'light', forcedColors: 'active', ...desk },
  { suffix: 'forced-dark', colorScheme: 'dark', forcedColors: 'active', ...desk },
  { suffix: 'contrast-light', colorScheme: 'light', contrast: 'more', ...desk },
  { suffix: 'contrast-dark', colorScheme: 'dark', contrast: 'more', ...desk },
] as const;

let browser: Browser;
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  browser = await launchChromium();
});
afterAll(() => browser.close());

it.each(views)('$suffix', async ({ suffix, width, height, language, ...media }) => {
  const context = await browser.newContext({ ...media, viewport: { width, height } });
  await context.addInitScript("localStorage.setItem('rollcall.page.instanceId', 'this-page')");
  const scenes = new Map<SceneName, PageFixture>();
  for (const state of pageStates) {
    const fixture = scenes.get(state.scene) ?? (await startScene(state.scene));
    scenes.set(state.scene, fixture);
    const page = await context.newPage();
    await arriveAt(page, state, { fixture, language });
    await page.mouse.move(width / 2, 1);
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(folder, `${state.name}-${suffix}.png`) });
    await state.leave?.(page, fixture);
    await page.close();
  }
  await context.close();
  for (const fixture of scenes.values()) await fixture.close();
});
