import type { Page } from 'playwright-core';
import { afterEach, expect, it } from 'vitest';
import { useBrowser } from '../harness/browser-scene.ts';
import { describeInBrowser } from '../harness/chromium.ts';
import { type PageFixture, startPageFixture } from '../harness/page-fixture.ts';
import { rowOf, type Visit, visit } from '../harness/page-visit.ts';

const desk = { viewport: { width: 1_440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/*
 * F1 to F23 are faults that people met when they tried every surface for the first time. Those of the page are here; the others:
 * F3 web-search and test/search, F5 src/cli/shell, F7 src/web/state/first-commands, F8 src/cli/start-banner, F9 client-example,
 * F10 src/web/state/list-store, F11 src/gateway/access/named-token, F12 package-install, F13 and F15 http-presence,
 * F16 reverse-proxies, F18 src/cli/watch/frame, F19 src/cli/program.
 */
describeInBrowser('what people stumbled over', () => {
  const browser = useBrowser();
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  const crowded = async (
    look: Parameters<typeof visit>[2],
    query = '',
  ): Promise<{ readonly fixture: PageFixture } & Visit> => {
    const fixture = await startPageFixture();
    cleanups.push(() => fixture.close());
    fixture.crowd(60);
    const visited = await visit(browser(), `${fixture.url}${query}`, look);
    cleanups.push(() => visited.close());
    await visited.page.locator('[data-key^=row-]').first().waitFor();
    await visited.page.locator('.badge-live').waitFor();
    return { fixture, ...visited };
  };

  it.each([
    ['by mouse', desk],
    ['by touch', phone],
  ])('[F1] the first press on a row after scrolling opens it, %s', async (_, look) => {
    const { page } = await crowded(look);
    for (const place of [1, 0, 0.6]) {
      await scrollTo(page, place);
      const key = await keyInTheMiddle(page);
      const box = await rowOf(page, key).boundingBox();
      if (box === null) throw new Error('no row in the middle');
      const [x, y] = [box.x + 60, box.y + box.height / 2];
      if (look === phone) await page.touchscreen.tap(x, y);
      else await page.mouse.click(x, y);
      await expect.poll(() => new URL(page.url()).searchParams.get('instance')).toBe(key);
      await page.locator('.detail h2').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.detail').waitFor({ state: 'detached' });
    }
  });

  it.each(['the button of the details', 'the back button of the browser'])(
    '[F2] on a phone the list keeps its place: %s',
    async (way) => {
      const { page } = await crowded(phone);
      await scrollTo(page, 0.7);
      const before = await page.evaluate(() => window.scrollY);
      expect(before).toBeGreaterThan(500);
      await rowOf(page, await keyInTheMiddle(page)).tap();
      await page.locator('.detail h2').waitFor();
      if (way.startsWith('the button')) await page.locator('.detail-back').tap();
      else await page.goBack();
      await page.locator('.detail').waitFor({ state: 'detached' });
      await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(before);
    },
  );

  it.each([
    ['on a phone', phone],
    ['on a desk', desk],
  ])('[F6] a page whose gateway is away says so wherever it is scrolled, %s', async (_, look) => {
    const { page, fixture } = await crowded(look);
    const liveTitle = await page.title();
    const liveIcon = await page.locator('link[rel=icon]').getAttribute('href');
    await scrollTo(page, 1);
    await fixture.stop();
    for (const place of [1, 0.5, 0]) {
      await scrollTo(page, place);
      expect(await isInView(page, '.badge-lost')).toBe(true);
      expect(await isInView(page, '.note-time')).toBe(true);
    }
    expect(await page.title()).not.toBe(liveTitle);
    expect(await page.locator('link[rel=icon]').getAttribute('href')).not.toBe(liveIcon);
    expect(await greenMarks(page)).toEqual([]);
    await fixture.start();
    await page.locator('.badge-live').waitFor();
    await expect.poll(() => page.title()).toBe(liveTitle);
  });

  it('[F4] viewers are folded, are no duplicates, and make no entries', async () => {
    const fixture = await startPageFixture();
    cleanups.push(() => fixture.close());
    const { page, close } = await visit(browser(), fixture.url, desk);
    cleanups.push(close);
    const others = [await visit(browser(), fixture.url), await visit(browser(), fixture.url)];
    for (const other of others) await other.page.locator('.badge-live').waitFor();
    const section = page.locator('[data-key="section viewers"]');
    await section.getByText('3', { exact: true }).waitFor();
    for (const other of others) await other.close();
    await section.getByText('1', { exact: true }).waitFor();
    await expect.poll(() => page.locator('.card-left .sum-value').innerText()).toBe('0');
    await page.waitForTimeout(2_500);
    expect(await page.locator('.hint').count()).toBe(0);
    // Nor among the instances that the gateway's journal has as gone today.
    await page.goto(`${fixture.url}?timeline=`);
    await page.getByText('From the gateway’s journal').waitFor();
    expect(await page.locator('[data-key="section past"]').count()).toBe(0);
  });

  it('[F14] that the browser denies notifications is shown at the switch', async () => {
    const { page } = await crowded(desk);
    await page.evaluate(() => {
      Notification.requestPermission = () => Promise.resolve('denied');
    });
    await page.getByRole('button', { name: 'More' }).click();
    const box = page.getByLabel('Notify me when a node');
    await box.click();
    await page.getByText('Your browser blocks notifications').waitFor();
    expect(await box.isChecked()).toBe(false);
  });

  it.each([
    ['on a desk', desk],
    ['on a phone', phone],
  ])('[F17] [F20] the help says what the shapes mean, and dims the whole window, %s', async (_, look) => {
    const { page } = await crowded(look);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Help and shortcuts' }).click();
    await page.locator('.legend').waitFor();
    expect(await page.locator('.legend .status-mark').count()).toBe(6);
    // A gutter that is kept for a scrollbar is not covered by what is modal.
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).scrollbarGutter)).toBe(
      'auto',
    );
  });

  it('[F21] a paused page mentions changes only when there are some', async () => {
    const { page, fixture } = await crowded(desk);
    await page.keyboard.press('p');
    await page.locator('.badge-paused').waitFor();
    expect(await page.locator('.strip').innerText()).not.toContain('waiting');
    fixture.crowdOne(61, {});
    await page.getByText('1 change waiting').waitFor();
  });

  it('[F21] a page that connects for the first time shows no warning', async () => {
    const fixture = await startPageFixture();
    cleanups.push(() => fixture.close());
    const { page, close } = await visit(browser(), 'about:blank', { signedIn: false });
    cleanups.push(close);
    await page.routeWebSocket(/./, () => {});
    await page.goto(`${fixture.url}#token=any`);
    await page.locator('.badge-connecting').waitFor();
    expect(await page.locator('.badge-lost, .note-lost').count()).toBe(0);
  });

  it('[F22] [F23] a row shows once that it is disconnected, on one line, with nothing cut off at its start', async () => {
    const { page, fixture } = await crowded(desk);
    (await fixture.connect({ id: 'web', mode: 'webchat', instanceId: 'gone', displayName: 'Gone' })).stop();
    const row = rowOf(page, 'gone');
    await row.locator('.state-disconnected').waitFor();
    // It went to another section with its new state: its look has to follow.
    const weight = row.locator('.state-word').evaluate((word) => getComputedStyle(word).fontWeight);
    expect(await weight).toBe('600');
    await row.click();
    await page.locator('.detail h2').waitFor();
    expect((await row.innerText()).match(/disconnected/gi)).toHaveLength(1);
    const status = await row.locator('.status-words').evaluate((words) => ({
      isOneLine:
        words.getBoundingClientRect().height < 1.6 * Number.parseFloat(getComputedStyle(words).fontSize),
      text: words.textContent,
    }));
    expect(status.isOneLine).toBe(true);
    expect(status.text).not.toMatch(/^\W/);
  });
});

async function scrollTo(page: Page, share: number): Promise<void> {
  await page.evaluate((place) => {
    const { scrollHeight, clientHeight } = document.documentElement;
    window.scrollTo(0, place * (scrollHeight - clientHeight));
  }, share);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** The key of the row that is seen in the middle of the window. */
function keyInTheMiddle(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.elementFromPoint(80, window.innerHeight * 0.6);
    return element?.closest<HTMLElement>('[data-key]')?.dataset['key'] ?? '';
  });
}

async function isInView(page: Page, selector: string): Promise<boolean> {
  await page.locator(selector).first().waitFor();
  return page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const seen = document.elementFromPoint(left + width / 2, top + height / 2);
      return width > 0 && height > 0 && seen !== null && element.contains(seen);
    });
}

/** Marks in the list that have a colour, although the states are not known. */
function greenMarks(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const accent = (mark: Element): string => getComputedStyle(mark).color;
    const probe = document.createElement('span');
    probe.style.color = 'var(--accent)';
    document.body.append(probe);
    const live = accent(probe);
    probe.remove();
    return [...document.querySelectorAll('.list .status-mark')].map(accent).filter((color) => color === live);
  });
}
