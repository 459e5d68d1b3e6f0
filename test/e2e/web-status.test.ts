import { expect, it } from 'vitest';
import { languageCodes } from '../../src/web/i18n/languages.ts';
import { useBrowserScene } from '../harness/browser-scene.ts';
import { describeInBrowser } from '../harness/chromium.ts';
import { type Visit, visit } from '../harness/page-visit.ts';

/** From the smallest phone to a wide screen, with both sides of every width at which the page changes its layout. */
const widths = [320, 360, 390, 560, 600, 620, 640, 680, 768, 900, 960, 1_024, 1_280, 1_440];

describeInBrowser('the state of a disconnected row', () => {
  const scene = useBrowserScene('office');

  it.each(languageCodes)(
    '[PS5] is there in every width, in the list and in the details, in %s',
    async (language) => {
      const { browser, fixture } = scene();
      const list = await visit(browser, `${fixture.url}?lang=${language}`);
      await list.page.locator('[data-key=kitchen] .state-disconnected').waitFor();
      await expectSeen(list, '[data-key=kitchen]');
      await list.close();
      const detail = await visit(browser, `${fixture.url}?lang=${language}&instance=kitchen`);
      await detail.page.locator('.detail .state-disconnected').waitFor();
      await expectSeen(detail, '.detail .panel-head');
      await expectSeen(detail, '[data-key=kitchen]');
      await detail.close();
    },
    60_000,
  );
});

/**
 * Expects the word to be wholly seen where it belongs, once the columns have followed the width. Where the details take the place
 * of the list, the list is not checked.
 */
async function expectSeen({ page }: Visit, place: string): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.evaluate(problemOf, place), { message: `${width} px` }).toBeUndefined();
  }
}

/** Runs in the page. */
function problemOf(place: string): string | undefined {
  const row = document.querySelector<HTMLElement>(place);
  if (row === null) return 'no row';
  if (row.offsetParent === null) return undefined;
  const word = row.querySelector<HTMLElement>('.state-word');
  const mark = row.querySelector('.status-mark');
  if (word === null || mark === null) return 'no word';
  const box = word.getBoundingClientRect();
  const outer = row.getBoundingClientRect();
  const cell = (word.closest('.cell') ?? row).getBoundingClientRect();
  if (word.scrollWidth > word.clientWidth) return `cut to ${word.clientWidth} of ${word.scrollWidth} px`;
  if (box.left < cell.left || box.right > cell.right + 0.5) return 'out of its cell';
  if (box.top < outer.top || box.bottom > outer.bottom) return 'out of its row';
  if (box.top - mark.getBoundingClientRect().bottom > box.height) return 'not beside the status';
  return undefined;
}
