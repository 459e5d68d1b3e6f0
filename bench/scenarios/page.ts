import type { Browser, Page } from 'playwright-core';
import type { Figures, ServerUnderTest } from '../job.ts';
import { watchMainThread } from '../load/main-thread.ts';
import { rowBeacon, seedRows, sendBeacons } from '../load/seed-rows.ts';
import { launchChromium } from '../servers/chromium.ts';
import { pause, type Run, type Scenario } from './scenario.ts';

const UPDATES_PER_SECOND = 50;

/** Cost of a long list for a browser. */
export const page: Scenario = {
  name: 'page',
  title: 'The page with many rows',
  about:
    'A browser opens the page: processor time of its main thread until the first row is drawn, then its longest task while somebody ' +
    `scrolls and ${UPDATES_PER_SECOND} rows a second change. The plain page asks for the list each second and writes all of it into a table.`,
  sizeUnit: 'rows',
  sizes: [200, 10_000],
  quickSizes: [200],
  contenders: ['page-plain', 'page'],
  baseline: 'page-plain',
  metrics: [
    { key: 'firstRowMs', label: 'CPU to the first row', unit: 'ms', better: 'less' },
    { key: 'longestTaskMs', label: 'longest task, CPU', unit: 'ms', better: 'less' },
    { key: 'firstRowWallMs', label: 'first row after', unit: 'ms', better: 'less' },
  ],
  needs: (size) => ({ maxEntries: size + 100 }),
  run,
};

async function run({ size, quick, contender, server }: Run): Promise<Figures> {
  await seedRows(server, size);
  const browser = await launchChromium();
  try {
    const path = contender.id === 'page-plain' ? 'plain' : '';
    const { opened, cpuMs, wallMs } = await open(browser, server, path);
    await pause(quick ? 0 : 2_000);
    const longestTaskMs = await longestTask(browser, opened, server, { size, forMs: quick ? 500 : 5_000 });
    return { firstRowMs: cpuMs, firstRowWallMs: wallMs, longestTaskMs };
  } finally {
    await browser.close();
  }
}

/** A promise of the moment after the first row was drawn, by the clock of the page. */
const watchFirstRow = `globalThis.firstRow = new Promise((resolve) => {
  new MutationObserver((_, observer) => {
    if (document.querySelector('[data-key^=row-]') === null) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  }).observe(document, { childList: true, subtree: true });
})`;

/** The plain implementation. */
const plainPage = `<!doctype html><meta charset="utf-8"><table></table><script>
  const headers = { Authorization: 'Bearer ' + location.hash.slice('#token='.length) };
  const cells = ({ host, ip, version, platform, mode, reason }) => [host, ip, version, platform, mode, reason];
  async function show() {
    const { instances } = await (await fetch('/api/v1/presence', { headers })).json();
    const rows = instances.map((row) =>
      '<tr data-key="' + row.key + '">' + cells(row).map((cell) => '<td>' + (cell ?? '') + '</td>').join('') + '</tr>');
    document.querySelector('table').innerHTML = rows.join('');
  }
  show();
  setInterval(show, 1_000);
</script>`;

/** Opens a page in a new profile, up to its first row. */
async function open(browser: Browser, { port, token }: ServerUnderTest, path: string) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.route('**/plain', (route) => route.fulfill({ contentType: 'text/html', body: plainPage }));
  const opened = await context.newPage();
  await opened.addInitScript({ content: watchFirstRow });
  const devtools = await context.newCDPSession(opened);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  await opened.goto(`http://127.0.0.1:${port}/${path}#token=${token}`, { waitUntil: 'commit' });
  const wallMs = await opened.evaluate<number>('firstRow');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  return { opened, wallMs, cpuMs: seconds * 1_000 };
}

/** CPU time of the longest task while the page is scrolled and rows change, milliseconds. */
async function longestTask(
  browser: Browser,
  opened: Page,
  server: ServerUnderTest,
  { size, forMs }: { readonly size: number; readonly forMs: number },
): Promise<number> {
  let updates = 0;
  const sent: Promise<void>[] = [];
  const timer = setInterval(() => {
    const reason = `update-${updates % 7}`;
    sent.push(sendBeacons(server, [{ ...rowBeacon((updates * 37) % size), reason }]));
    updates += 1;
  }, 1_000 / UPDATES_PER_SECOND);
  const watched = await watchMainThread(browser, opened, () => scroll(opened, forMs));
  clearInterval(timer);
  await Promise.all(sent);
  return watched.longestMs;
}

/** Scrolls up and down, through everything, for a while. */
function scroll(opened: Page, forMs: number): Promise<void> {
  return opened.evaluate(`(async () => {
    const start = performance.now();
    // Read once: reading it makes the browser compute the layout.
    const height = document.documentElement.scrollHeight;
    while (performance.now() - start < ${forMs}) {
      await new Promise(requestAnimationFrame);
      window.scrollTo(0, (1 + Math.sin(performance.now() / 700)) / 2 * height);
    }
  })()`);
}
