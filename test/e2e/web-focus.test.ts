import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useBrowserScene } from '../harness/browser-scene.ts';
import { describeInBrowser } from '../harness/chromium.ts';
import { rowOf, visit } from '../harness/page-visit.ts';
import { visibleShapes } from '../harness/visible-shapes.ts';

const looks = [
  { name: 'usual colours', forcedColors: 'none', contrast: null },
  { name: 'forced colours', forcedColors: 'active', contrast: null },
  { name: 'more contrast', forcedColors: 'none', contrast: 'more' },
] as const;

describeInBrowser('what has the focus, what is chosen, and shapes', () => {
  const scene = useBrowserScene('office');

  it.each(looks)(
    'a chip or a row that is chosen looks otherwise, and with the focus otherwise again: $name',
    async ({ name: _, ...look }) => {
      const { browser, fixture } = scene();
      const { page, close } = await visit(browser, `${fixture.url}?mode=node&instance=forge`, look);
      await rowOf(page, 'forge').waitFor();
      await page.keyboard.press('j');
      for (const [chosen, other] of [
        [rowOf(page, 'forge'), rowOf(page, 'attic-pi')],
        [
          page.locator('.filters .chip', { hasText: 'Node' }).first(),
          page.locator('.filters .chip', { hasText: 'Web chat' }),
        ],
      ] as const) {
        if ((await chosen.count()) === 0) await page.getByRole('button', { name: /^Filters/ }).click();
        await chosen.waitFor();
        await page.keyboard.press('Shift');
        await page.evaluate(() => (document.activeElement as HTMLElement).blur());
        const [plain, marked] = [await lookOf(other), await lookOf(chosen)];
        expect(marked).not.toEqual(plain);
        await chosen.focus();
        expect((await lookOf(chosen)).outline).not.toEqual(marked.outline);
        await other.focus();
        expect((await lookOf(other)).outline).not.toEqual(plain.outline);
      }
      await close();
    },
  );

  it.each(looks)(
    'the ring of the heading of the details does not cross its status: $name',
    async ({ name: _, ...look }) => {
      const { browser, fixture } = scene();
      const { page, close } = await visit(browser, fixture.url, look);
      await rowOf(page, 'kitchen').waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.locator('.detail h2:focus').waitFor();
      expect(await page.evaluate(ringOfHeading)).toEqual({ hasRing: true, crosses: false });
      await close();
    },
  );

  it.each(looks)(
    '[PS5] online, idle and stale differ by how much of their shape is filled: $name',
    async ({ name: _, ...look }) => {
      const { browser, fixture } = scene();
      const { page, close } = await visit(browser, fixture.url, { ...look, deviceScaleFactor: 3 });
      await rowOf(page, 'kitchen').waitFor();
      const [online, idle, stale] = await inkOf(page);
      expect(online).toBeGreaterThan((idle ?? 0) * 1.2);
      expect(idle).toBeGreaterThan((stale ?? 0) * 1.2);
      await close();
    },
  );

  it.each(looks)(
    'a bar says how much of it is full: $name',
    async ({ name: _, ...look }) => {
      const { browser, fixture } = scene();
      const inkOfProcessor = async (instance: string): Promise<number> => {
        await page.goto(`${fixture.url}?instance=${instance}`);
        await page.locator('.detail .meter-bar').first().waitFor();
        return (await visibleShapes(page)).find(({ name }) => name === 'meter-bar')?.ink ?? 0;
      };
      const { page, close } = await visit(browser, fixture.url, { ...look, deviceScaleFactor: 3 });
      await page.locator('.badge-live').waitFor();
      const idle = await inkOfProcessor('ada-node');
      expect(await inkOfProcessor('forge')).toBeGreaterThan(idle * 1.5);
      await close();
    },
    60_000,
  );
});

/** What style sheets can do to an element that is chosen or has the focus. */
function lookOf(element: Locator): Promise<{ readonly outline: string; readonly rest: string }> {
  return element.evaluate((node) => {
    const { outlineStyle, outlineColor, outlineWidth, borderColor, backgroundColor } = getComputedStyle(node);
    const hasRing = outlineStyle !== 'none';
    return {
      outline: hasRing ? `${outlineStyle} ${outlineColor} ${outlineWidth}` : 'none',
      rest: `${borderColor} ${backgroundColor}`,
    };
  });
}

/** Runs in the page. */
function ringOfHeading(): { readonly hasRing: boolean; readonly crosses: boolean } {
  const heading = document.querySelector('.detail h2');
  const status = document.querySelector('.panel-title .status')?.getBoundingClientRect();
  for (let node = heading; node !== null && status !== undefined; node = node.parentElement) {
    const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(node);
    if (outlineStyle === 'none') continue;
    const reach = Number.parseFloat(outlineWidth) + Number.parseFloat(outlineOffset);
    const box = node.getBoundingClientRect();
    const isAround = box.top <= status.top && box.bottom >= status.bottom;
    const isApart = box.bottom + reach <= status.top;
    return { hasRing: true, crosses: !isAround && !isApart };
  }
  return { hasRing: false, crosses: false };
}

async function inkOf(page: Page): Promise<readonly (number | undefined)[]> {
  const shapes = await visibleShapes(page);
  return ['online', 'idle', 'stale'].map(
    (status) => shapes.find(({ name }) => name === `status-mark status-${status}`)?.ink,
  );
}
