import { createHash } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { axeViolations } from '../harness/axe.ts';
import { describeInBrowser, launchChromium } from '../harness/chromium.ts';
import { testToken } from '../harness/connect-params.ts';
import { fillOffice } from '../harness/office.ts';
import { type PageFixture, startPageFixture } from '../harness/page-fixture.ts';
import { rowOf, type Visit, visit } from '../harness/page-visit.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describeInBrowser('the Instances page', () => {
  let browser: Browser;
  const cleanups: (() => unknown)[] = [];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  const fixtureOf = async (...args: Parameters<typeof startPageFixture>): Promise<PageFixture> => {
    const fixture = await startPageFixture(...args);
    cleanups.push(() => fixture.close());
    return fixture;
  };
  const visitOf = async (url: string, options?: Parameters<typeof visit>[2]): Promise<Visit> => {
    const visited = await visit(browser, url, options);
    cleanups.push(() => visited.close());
    return visited;
  };

  it('shows a client that connects, beacons and leaves, without a reload', async () => {
    const fixture = await fixtureOf();
    const { page, complaints } = await visitOf(fixture.url);
    await rowOf(page, 'desk').waitFor({ state: 'detached' });
    await page.getByText('Connect your first client').waitFor();
    const desk = await fixture.connect({
      instanceId: 'desk',
      mode: 'ui',
      displayName: 'Desk',
      platform: 'macos 15.1',
      version: '3.1',
    });
    const row = rowOf(page, 'desk');
    await row.waitFor();
    await expect
      .poll(() => row.innerText())
      .toMatch(/Desk[\s\S]*Online[\s\S]*macOS 15\.1[\s\S]*Desktop app[\s\S]*3\.1/);
    await desk.beacon({ lastInputSeconds: 42, reason: 'launch' });
    await row.getByText('42s ago').waitFor();
    desk.stop();
    await row.getByText('Disconnected').first().waitFor();
    expect(await page.evaluate(() => performance.getEntriesByType('navigation').length)).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('requests once what it shows beside the list', async () => {
    const fixture = await fixtureOf();
    await fixture.connect({ instanceId: 'desk', mode: 'ui', displayName: 'Desk' });
    const { page } = await visitOf(`${fixture.url}icon.svg`, { signedIn: false });
    const asked: string[] = [];
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        asked.push(JSON.parse(String(payload)).method);
      }),
    );
    await page.goto(`${fixture.url}#token=${testToken}`);
    await rowOf(page, 'desk').waitFor();
    await expect.poll(() => asked).toContain('notices.list');
    await expect.poll(() => asked).toContain('gateways.list');
    // Answers come in order: requests that the first ones caused were sent before this one is answered.
    for (const before of [asked.length, asked.length + 1]) {
      await page.keyboard.press('r');
      await expect.poll(() => asked.length).toBeGreaterThan(before);
      await page.locator('[role=status]').getByText('Up to date').waitFor();
    }
    for (const method of ['connect', 'notices.list', 'gateways.list'])
      expect(
        asked.filter((each) => each === method),
        method,
      ).toHaveLength(1);
  });

  it('recovers from a restart of the gateway by itself, and no row flickers', async () => {
    const fixture = await fixtureOf({ instanceId: 'gateway' });
    for (const id of ['a', 'b', 'c']) await fixture.connect({ instanceId: id, mode: 'ui', displayName: id });
    const { page } = await visitOf(fixture.url);
    for (const id of ['a', 'b', 'c']) await rowOf(page, id).waitFor();
    await page.evaluate(() => {
      const removed: string[] = [];
      Object.assign(window, { removed });
      const note = ({ removedNodes }: MutationRecord): void => {
        for (const node of removedNodes) {
          if (node instanceof HTMLElement) removed.push(node.dataset['key'] ?? node.className);
        }
      };
      const body = document.querySelector('.list-body');
      if (body !== null)
        new MutationObserver((records) => records.forEach(note)).observe(body, { childList: true });
    });
    await fixture.stop();
    await page.getByText('The gateway is restarting').waitFor();
    await page.getByText(/as of \d/).waitFor();
    expect(await rowOf(page, 'b').isVisible()).toBe(true);
    await fixture.start();
    await page.locator('.badge-live').waitFor();
    for (const id of ['a', 'b', 'c']) await rowOf(page, id).getByText('Online').waitFor();
    expect(await page.evaluate(() => (window as unknown as { removed: string[] }).removed)).toEqual([]);
  });

  it('signs in by the form, shows that a token is wrong, stores it as chosen, and signs out', async () => {
    const fixture = await fixtureOf();
    const { page, context } = await visitOf(fixture.url, { signedIn: false });
    const token = page.getByLabel('Token or password');
    await token.fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('Wrong token or password').waitFor();
    await token.fill(testToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.badge-live').waitFor();
    expect(
      await page.evaluate(() => [sessionStorage.length, localStorage.getItem('rollcall.page.secret')]),
    ).toEqual([1, null]);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await token.fill(testToken);
    await page.getByLabel('Stay signed in').check();
    await page.keyboard.press('Enter');
    await page.locator('.badge-live').waitFor();
    const second = await context.newPage();
    await second.goto(fixture.url);
    await second.locator('.badge-live').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  });

  it('removes the token from the address', async () => {
    const fixture = await fixtureOf();
    const { page } = await visitOf(`${fixture.url}?sort=-age`);
    await page.locator('.badge-live').waitFor();
    expect(page.url()).toBe(`${fixture.url}?sort=-age`);
  });

  it('can be used by the keyboard alone', async () => {
    const fixture = await fixtureOf({ ttlMs: 900_000 });
    await fillOffice(fixture);
    const { page } = await visitOf(fixture.url, { signedIn: false });
    await page.locator('input[type=password]:focus').waitFor();
    await page.keyboard.type(testToken);
    await page.keyboard.press('Enter');
    await rowOf(page, 'forge').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('macbook');
    await rowOf(page, 'forge').waitFor({ state: 'detached' });
    await expect.poll(() => page.url()).toContain('q=macbook');
    await page.keyboard.press('Escape');
    await rowOf(page, 'forge').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset['key']);
    await expect.poll(focused).toBe('forge');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'forge' }).waitFor();
    await expect.poll(() => page.url()).toContain('instance=forge');
    await page.keyboard.press('Escape');
    await page.locator('.detail').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('forge');
    await page.keyboard.press('s');
    await expect.poll(() => page.url()).toContain('sort=state');
    await page.keyboard.press('p');
    await page.locator('.badge-paused').waitFor();
    await page.keyboard.press('r');
    await page.locator('.badge-live').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('keeps the positions of rows, and the focus, while the pointer or the focus is in the list', async () => {
    const fixture = await fixtureOf();
    for (const id of ['b', 'c']) await fixture.beacon({ instanceId: id, host: id, mode: 'test' });
    const { page } = await visitOf(`${fixture.url}?mode=test&group=none`);
    await rowOf(page, 'c').focus();
    const order = (): Promise<string[]> =>
      page
        .locator('[role=row][data-key]')
        .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['key'] ?? ''));
    await fixture.beacon({ instanceId: 'a', host: 'a', mode: 'test' });
    await rowOf(page, 'a').waitFor();
    expect(await order()).toEqual(['b', 'c', 'a']);
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['key'])).toBe('c');
    await page.getByRole('button', { name: 'Re-sort' }).click();
    await expect.poll(order).toEqual(['a', 'b', 'c']);
  });

  it('pauses, and shows the number of pending changes', async () => {
    const fixture = await fixtureOf();
    const { page } = await visitOf(fixture.url);
    await page.locator('.badge-live').waitFor();
    await page.keyboard.press('p');
    await page.locator('.badge-paused').waitFor();
    await fixture.connect({ instanceId: 'late', mode: 'ui' });
    await page.getByText('1 change waiting').waitFor();
    expect(await rowOf(page, 'late').count()).toBe(0);
    await page.keyboard.press('p');
    await rowOf(page, 'late').waitFor();
  });

  it('opens a deep link, shows the sources of facts, and lists what changed', async () => {
    const fixture = await fixtureOf();
    const lab = await fixture.connect({ instanceId: 'lab', mode: 'ui', displayName: 'Lab' });
    const { page } = await visitOf(`${fixture.url}?instance=lab`);
    await page.getByRole('heading', { name: 'Lab' }).waitFor();
    await page.locator('.provenance').getByText('its handshake').waitFor();
    await page
      .locator('.story-text')
      .getByText(/^Online for /)
      .waitFor();
    await lab.beacon({ version: '7.7', reason: 'periodic' });
    await page
      .locator('.entry')
      .getByText(/Version: .*7\.7/)
      .waitFor();
  });

  it('exports what is filtered, safe for spreadsheets', async () => {
    const fixture = await fixtureOf();
    await fixture.beacon({ instanceId: 'evil', host: '=1+1, "x"', mode: 'test' });
    const { page } = await visitOf(`${fixture.url}?mode=test&group=none`);
    await rowOf(page, 'evil').waitFor();
    await page.getByRole('button', { name: 'More' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export as CSV' }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString('utf8').trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/^"'=1\+1, ""x""",reporting,/);
  });

  it('shows that the token may not read presence', async () => {
    const fixture = await fixtureOf({
      tokens: [{ name: 'blind', tokenHash: sha256('blind'), roles: ['operator'], scopes: [] }],
    });
    const { page } = await visitOf(fixture.url, { signedIn: false });
    await page.getByLabel('Token or password').fill('blind');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'No permission' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  it('announces who came, in batches', async () => {
    const fixture = await fixtureOf();
    const { page } = await visitOf(fixture.url);
    await page.locator('.badge-live').waitFor();
    for (const id of ['one', 'two']) await fixture.connect({ instanceId: id, displayName: id, mode: 'ui' });
    await expect.poll(() => page.locator('[role=status]').innerText()).toMatch(/^Joined: one, two$/);
  });

  it('shows ten thousand rows, draws few of them, and scrolls through them', async () => {
    const fixture = await fixtureOf({ maxEntries: 20_000 });
    fixture.crowd(10_000);
    const { page } = await visitOf(fixture.url);
    await page.getByText('10,001 instances').waitFor();
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight / 2));
    await page.getByText('host-4999', { exact: true }).waitFor();
    expect(await page.locator('[role=row][data-key]').count()).toBeLessThan(80);
    // The first press opens what is under it, however far it was scrolled; rows that stay are not made anew meanwhile.
    const row = rowOf(page, 'row-4999');
    await row.evaluate((element) => Object.assign(element, { isKept: true }));
    await page.evaluate(() => window.scrollBy(0, -150));
    await expect.poll(() => row.evaluate((element) => 'isKept' in element)).toBe(true);
    const box = await row.boundingBox();
    await page.mouse.click((box?.x ?? 0) + 60, (box?.y ?? 0) + 10);
    await page.locator('.detail h2', { hasText: 'host-4999' }).waitFor();
    expect(await page.locator('[role=row][data-key]').count()).toBeLessThan(80);
  });
});
