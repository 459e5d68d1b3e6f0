import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { useBrowser } from '../harness/browser-scene.ts';
import { describeInBrowser } from '../harness/chromium.ts';
import { startPageFixture } from '../harness/page-fixture.ts';
import { rowOf, visit } from '../harness/page-visit.ts';

const node = { id: 'node-host', mode: 'node', instanceId: 'attic', displayName: 'attic' } as const;

const reading = 'reading-token';
const readToken = {
  name: 'reader',
  tokenHash: createHash('sha256').update(reading).digest('hex'),
  roles: ['operator'],
  scopes: ['operator.read'],
} as const;

describeInBrowser('what an operator can do on the page', () => {
  const browser = useBrowser();

  it('names, labels, pins, mutes, disconnects and removes an instance', async () => {
    const fixture = await startPageFixture();
    const client = await fixture.connect(node, { role: 'node', scopes: [] });
    const { page, close } = await visit(browser(), fixture.url);
    await rowOf(page, 'attic').click();
    const actions = page.locator('.operator-actions');
    await actions.getByRole('button', { name: 'Edit name and labels' }).click();
    await actions.getByLabel('Name').fill('Attic camera');
    await actions.getByLabel(/^Labels/).fill('roof, north');
    await actions.getByLabel('Owner').fill('Lin');
    await actions.getByRole('button', { name: 'Save' }).click();
    await rowOf(page, 'attic').getByText('Attic camera').waitFor();
    await rowOf(page, 'attic').getByText('north').waitFor();
    await page.locator('[data-key="section owner Lin"]').waitFor();
    await actions.getByRole('button', { name: 'Pin to top' }).click();
    await actions.getByRole('button', { name: 'Unpin' }).waitFor();
    await actions.getByRole('button', { name: 'Mute alerts' }).click();
    await actions.getByRole('button', { name: 'Unmute alerts' }).waitFor();

    await actions.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    expect(client.state.phase).toBe('connected');
    const before = client.state;
    await actions.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Disconnect' }).click();
    await expect.poll(() => client.state).not.toBe(before);

    client.stop();
    await rowOf(page, 'attic').locator('.state-disconnected').waitFor();
    await actions.getByRole('button', { name: 'Remove from list' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove from list' }).click();
    await page.locator('.detail-gone').waitFor();
    await close();
    await fixture.close();
  });

  it('a token that may only read is offered none of it', async () => {
    const fixture = await startPageFixture({ tokens: [readToken] });
    await fixture.connect(node, { role: 'node', scopes: [] });
    const { page, close } = await visit(browser(), `${fixture.url}?instance=attic#token=${reading}`, {
      signedIn: false,
    });
    await page.locator('.detail .detail-section').first().waitFor();
    expect(await page.locator('.operator-actions').count()).toBe(0);
    await close();
    await fixture.close();
  });

  it('[PN7] [PN16] a notice is at the bell, in the list, on the desktop if wanted, and can be acknowledged', async () => {
    const rules = [
      { name: 'away', when: 'leaves', who: 'mode:node', for: '0s', severity: 'critical' } as const,
    ];
    const fixture = await startPageFixture({ notices: { rules } });
    const client = await fixture.connect(node, { role: 'node', scopes: [] });
    const { page, close } = await visit(browser(), fixture.url, { permissions: ['notifications'] });
    await watchDesktop(page);
    const bell = page.locator('.notices-menu > .button');
    await bell.waitFor();
    await expect.poll(() => bell.getAttribute('aria-label')).toBe('Notices');
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByLabel('Notify me of notices').check();
    await page.keyboard.press('Escape');

    client.stop();
    await page.getByRole('button', { name: 'Notices 1' }).click();
    const notice = page.locator('.notice');
    await notice.getByText('attic disconnected').waitFor();
    await expect.poll(() => desktopOf(page)).toEqual([expect.stringMatching(/^attic disconnected/)]);
    await notice.getByRole('button', { name: 'I’m on it' }).click();
    await notice.getByText('token is on it').waitFor();
    await expect.poll(() => bell.getAttribute('aria-label')).toBe('Notices');

    await fixture.connect(node, { role: 'node', scopes: [] });
    await page.getByRole('heading', { name: 'Over' }).waitFor();
    await notice.getByText('attic is back').waitFor();
    await notice.getByRole('button', { name: /attic is back/ }).click();
    await page.locator('.detail h2', { hasText: 'attic' }).waitFor();
    await close();
    await fixture.close();
  });
});

/** Records the desktop notifications of the page. */
async function watchDesktop(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shown: string[] = [];
    Object.assign(window, { shown });
    class Watched {
      static readonly permission = 'granted';
      static requestPermission = (): Promise<string> => Promise.resolve('granted');
      constructor(title: string) {
        shown.push(title);
      }
    }
    Object.assign(window, { Notification: Watched });
  });
  // The page reads it when it is loaded.
  await page.reload();
}

function desktopOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => (window as unknown as { shown: readonly string[] }).shown);
}
