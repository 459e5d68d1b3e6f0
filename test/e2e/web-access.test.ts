import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../harness/axe.ts';
import { hasChromium, launchChromium } from '../harness/chromium.ts';
import type { PageStage } from '../harness/page-stage.ts';
import { arriveAt, pageStates, type SceneName, startScene } from '../harness/page-states.ts';

/** Every rule in English by day; by night what depends on colours; in other languages what does not. */
const passes = [
  { language: 'en', theme: 'light', rules: 'all' },
  { language: 'en', theme: 'dark', rules: 'colours' },
  { language: 'ja', theme: 'light', rules: 'others' },
  { language: 'ko', theme: 'dark', rules: 'others' },
  { language: 'fr', theme: 'light', rules: 'others' },
  { language: 'de', theme: 'dark', rules: 'others' },
] as const;

if (hasChromium)
  describe('the page is accessible in every state', () => {
    let browser: Browser;
    const scenes = new Map<SceneName, PageStage>();
    beforeAll(async () => {
      browser = await launchChromium();
      for (const name of ['office', 'empty', 'full', 'restart'] as const)
        scenes.set(name, await startScene(name));
    });
    afterAll(async () => {
      await browser.close();
      for (const stage of scenes.values()) await stage.close();
    });

    it.each(passes)(
      'in $language, $theme: $rules rules of axe-core',
      async ({ language, theme, rules }) => {
        const found: string[] = [];
        const context = await browser.newContext({ colorScheme: theme });
        await context.addInitScript("localStorage.setItem('rollcall.page.instanceId', 'this-page')");
        for (const state of pageStates) {
          const stage = scenes.get(state.scene);
          if (stage === undefined) throw new Error(`no scene ${state.scene}`);
          const page = await context.newPage();
          await page.setViewportSize({ width: 1280, height: 800 });
          await arriveAt(page, state, { stage, language });
          expect(await page.locator('html').getAttribute('lang')).toBe(language);
          found.push(...(await axeViolations(page, rules)).map((line) => `${state.name}: ${line}`));
          if (rules === 'all') found.push(...(await overflow(page, state.name)));
          await state.leave?.(page, stage);
          await page.close();
        }
        await context.close();
        expect(found).toEqual([]);
      },
      120_000,
    );
  });

/** Nothing may be wider than a screen of 320 px (WCAG 1.4.10). */
async function overflow(page: Page, name: string): Promise<readonly string[]> {
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  return width > 320 ? [`${name}: ${width} px wide on a screen of 320 px`] : [];
}
