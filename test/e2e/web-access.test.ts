import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../harness/axe.ts';
import { useBrowser } from '../harness/browser-scene.ts';
import { describeInBrowser } from '../harness/chromium.ts';
import type { PageFixture } from '../harness/page-fixture.ts';
import { arriveAt, type PageState, pageStates, startScene } from '../harness/page-states.ts';
import { invisibleShapes } from '../harness/visible-shapes.ts';

const otherLanguages = ['ja', 'ko', 'fr', 'de'] as const;

/** System settings of people for whom colours are not enough. */
const strongLooks = {
  'forced colours, light': { colorScheme: 'light', forcedColors: 'active', contrast: null },
  'forced colours, dark': { colorScheme: 'dark', forcedColors: 'active', contrast: null },
  'more contrast, light': { colorScheme: 'light', forcedColors: 'none', contrast: 'more' },
  'more contrast, dark': { colorScheme: 'dark', forcedColors: 'none', contrast: 'more' },
} as const;

describeInBrowser('the page is accessible in every state, theme and language', () => {
  const browser = useBrowser();

  describe.each(['office', 'empty', 'full'] as const)('the scene %s', (scene) => {
    let fixture: PageFixture;
    beforeAll(async () => {
      fixture = await startScene(scene);
    });
    afterAll(() => fixture.close());

    it.each(pageStates.filter((state) => state.scene === scene))(
      '$name',
      async (state) => {
        expect(await problemsIn(browser(), fixture, { state, language: 'en', isAway: false })).toEqual([]);
      },
      120_000,
    );
  });

  it.each(['en', ...otherLanguages])(
    'the page of a gateway that is away, whose other languages cannot be loaded then: %s',
    async (language) => {
      const fixture = await startScene('restart');
      for (const state of pageStates.filter(({ scene }) => scene === 'restart')) {
        expect(await problemsIn(browser(), fixture, { state, language, isAway: true })).toEqual([]);
      }
      await fixture.close();
    },
    120_000,
  );
});

/** Brings the page into a state and checks it; for an unreachable gateway in one language alone. */
async function problemsIn(
  browser: Browser,
  fixture: PageFixture,
  {
    state,
    language,
    isAway,
  }: { readonly state: PageState; readonly language: string; readonly isAway: boolean },
): Promise<readonly string[]> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, colorScheme: 'light' });
  await context.addInitScript("localStorage.setItem('rollcall.page.instanceId', 'this-page')");
  const page = await context.newPage();
  await arriveAt(page, state, { fixture, language });
  const found = [...(isAway ? await axeViolations(page) : await problemsOf(page))];
  if (!isAway || language === 'en') found.push(...(await strongLookProblems(page)));
  await state.leave?.(page, fixture);
  await context.close();
  return found;
}

/** In the light theme all rules; in the dark theme those about colours; in other languages the others. */
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

/** With colours of the system, or with more contrast, every icon is visible and every text can be read. */
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

/** Nothing may be wider than a phone, nor than a screen of 320 px (WCAG 1.4.10), in the language of the longest words. */
async function tooWide(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const screen of [390, 320]) {
    await page.setViewportSize({ width: screen, height: 640 });
    // The columns follow the width.
    const fits = await page
      .waitForFunction((most) => document.documentElement.scrollWidth <= most, screen, { timeout: 10_000 })
      .catch(() => undefined);
    if (fits === undefined) {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      found.push(`${width} px wide on a screen of ${screen} px`);
    }
  }
  return found;
}
