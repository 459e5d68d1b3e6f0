import { afterAll, beforeAll, expect, it } from 'vitest';
import { languages } from '../../src/web/i18n/languages.ts';
import { useBrowser } from '../harness/browser-scene.ts';
import { describeInBrowser } from '../harness/chromium.ts';
import { askHttp } from '../harness/http-client.ts';
import { fillOffice } from '../harness/office.ts';
import { type PageFixture, startPageFixture } from '../harness/page-fixture.ts';
import { visit } from '../harness/page-visit.ts';

let fixture: PageFixture;

/** Keys that `q` of the HTTP API finds now. */
async function foundByHttp(query: string): Promise<readonly string[]> {
  const { json } = await askHttp(fixture, `/api/v1/presence?q=${encodeURIComponent(query)}`);
  return json.instances.map(({ key }: { readonly key: string }) => key).sort();
}

describeInBrowser('the search of the page', () => {
  const browser = useBrowser();
  beforeAll(async () => {
    fixture = await startPageFixture();
    await fillOffice(fixture);
  });
  afterAll(() => fixture.close());

  it('[PQ1] [F3] lists what q of the HTTP API lists, in every language, and its own words too', async () => {
    const queries = [
      'mode:node',
      '-mode:node',
      'mac -tag:x',
      'state:online,reporting',
      'KITCHEN',
      'ip:192.168',
    ];
    for (const code of ['en', 'de', 'ko'] as const) {
      const { page, complaints, close } = await visit(browser(), `${fixture.url}?lang=${code}&group=none`);
      const search = page.getByRole('searchbox');
      await page.locator('[role=row][data-key]').first().waitFor();
      const listed = async (): Promise<readonly string[]> => {
        const keys = await page
          .locator('[role=row][data-key]')
          .evaluateAll((shown) => shown.map((row) => row.getAttribute('data-key') ?? ''));
        return keys.sort();
      };
      const { states } = await languages[code].loadFirst();
      for (const query of [...queries, states.online, states.reporting]) {
        await search.fill(query);
        const asked = query === states.online || query === states.reporting ? wordOf(states, query) : query;
        await expect
          .poll(async () => (await listed()).join(), { message: query })
          .toBe((await foundByHttp(asked)).join());
      }
      expect(complaints).toEqual([]);
      await close();
    }
  });
});

/** The code in the protocol for a shown word. */
function wordOf(states: Readonly<Record<string, string>>, shown: string): string {
  return Object.entries(states).find(([, word]) => word === shown)?.[0] ?? shown;
}
