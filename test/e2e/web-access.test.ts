import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeViolations } from '../harness/axe.ts';
import { describeInBrowser, launchChromium } from '../harness/chromium.ts';
import { arriveAt, pageStates, type SceneName, startScene } from '../harness/page-states.ts';
import { invisibleShapes } from '../harness/visible-shapes.ts';

const otherLanguages = ['ja', 'ko', 'fr', 'de'] as const;

/** Looks that people ask their system for when colours are not enough. */
const strongLooks = {
  'forced colours, light': { colorScheme: 'light', forcedColors: 'active', contrast: null },
  'forced colours, dark': { colorScheme: 'dark', forcedColors: 'active', contrast: null },
  'more contrast, light': { colorScheme: 'light', forcedColors: 'none', contrast: 'more' },
  'more contrast, dark': { colorScheme: 'dark', forcedColors: 'none', contrast: 'more' },
} as const;

describeInBrowser('the page is accessible in every state, theme and language', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it.each(['office', 'empty', 'full'] as const)(
    'the states of the scene %s',
    async (scene) => {
      expect(await problemsIn(browser, scene)).toEqual([]);
    },
    180_000,
  );

  it('the page of a gateway that is away, whose other languages cannot be loaded then', async () => {
    const found: string[] = [];
    for (const language of ['en', ...otherLanguages]) {
      found.push(...(await problemsIn(browser, 'restart', language)));
    }
    expect(found).toEqual([]);
  }, 180_000);
});

/** @param only look in this language alone; else arrive in English and switch. */
async function problemsIn(browser: Browser, scene: SceneName, only?: string): Promise<readonly string[]> {
  const found: string[] = [];
  const stage = await startScene(scene);
  const context = await browser.newContext();
  await context.addInitScript("localStorage.setItem('rollcall.page.instanceId', 'this-page')");
  for (const state of pageStates.filter((candidate) => candidate.scene === scene)) {
    const page = await context.newPage();
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'light' });
    await arriveAt(page, state, { stage, language: only ?? 'en' });
    const problems = only === undefined ? await problemsOf(page) : await axeViolations(page);
    if (only === undefined || only === 'en')
      found.push(...(await strongLookProblems(page)).map((problem) => `${state.name}: ${problem}`));
    found.push(...problems.map((problem) => `${state.name}: ${problem}`));
    await state.leave?.(page, stage);
    await page.close();
  }
  await context.close();
  await stage.close();
  return found;
}

/** By day everything; by night what depends on colours; in other languages what does not. */
async function problemsOf(page: Page): Promise<readonly string[]> {
  const found = [...(await axeViolations(page))];
  await page.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await axeViolations(page, 'colours')).map((problem) => `dark: ${problem}`));
  for (const language of otherLanguages) {
    await switchTo(page, language);
    found.push(...(await axeViolations(page, 'others')).map((problem) => `${language}: ${problem}`));
  }
  return [...found, ...(await tooWide(page))];
}

/** With colours of the system, or with more contrast, every drawing is seen and every text can be read. */
async function strongLookProblems(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const [name, media] of Object.entries(strongLooks)) {
    await page.emulateMedia(media);
    const problems = [...(await axeViolations(page, 'colours')), ...(await invisibleShapes(page))];
    found.push(...problems.map((problem) => `${name}: ${problem}`));
  }
  return found;
}

/** As the back button would. */
async function switchTo(page: Page, language: string): Promise<void> {
  await page.evaluate((code) => {
    const address = new URL(location.href);
    address.searchParams.set('lang', code);
    history.replaceState(null, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  }, language);
  await page.locator(`html[lang=${language}]`).waitFor({ state: 'attached' });
}

/** Nothing may be wider than a screen of 320 px (WCAG 1.4.10), in the language of the longest words. */
async function tooWide(page: Page): Promise<readonly string[]> {
  await page.setViewportSize({ width: 320, height: 640 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  return width > 320 ? [`${width} px wide on a screen of 320 px`] : [];
}
