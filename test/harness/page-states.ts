import { createHash } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { GatewayOptions } from '../../src/gateway/index.ts';
import { testToken } from './connect-params.ts';
import { fillOffice } from './office.ts';
import { type PageFixture, startPageFixture } from './page-fixture.ts';

/** A gateway and its instances, which several states of the page show. */
export type SceneName = 'office' | 'empty' | 'full' | 'restart';

const blindToken = 'blind-token';
const options: Partial<GatewayOptions> = {
  ttlMs: 900_000,
  notices: {
    rules: [{ name: 'node-away', when: 'leaves', who: 'mode:node', for: '0s', severity: 'critical' }],
  },
  tokens: [
    {
      name: 'blind',
      tokenHash: createHash('sha256').update(blindToken).digest('hex'),
      roles: ['operator'],
      scopes: [],
    },
  ],
};

/** Starts the gateway of a scene, with its instances. */
export async function startScene(name: SceneName): Promise<PageFixture> {
  const fixture = await startPageFixture(name === 'full' ? { ...options, maxEntries: 12 } : options);
  if (name === 'office' || name === 'restart') await fillOffice(fixture);
  if (name === 'full') {
    fixture.crowd(14);
    for (const instanceId of ['first', 'second']) {
      const client = await fixture.connect({
        instanceId,
        mode: 'ui',
        displayName: 'forgetful',
        platform: 'linux 6.12',
      });
      if (instanceId === 'first') client.stop();
    }
  }
  return fixture;
}

/** One state of the page. */
export interface PageState {
  readonly name: string;
  readonly scene: SceneName;
  /** Query of the address, without `?`. */
  readonly query?: string;
  /** The token to sign in with; the right one by default, undefined to stay at the form. */
  readonly token?: string | undefined;
  /** Brings the page into the state, from the address on; resolves when it is reached. */
  readonly arrive: (page: Page, fixture: PageFixture) => Promise<unknown>;
  /** Puts back what `arrive` did to the gateway. */
  readonly leave?: (page: Page, fixture: PageFixture) => Promise<unknown>;
}

const live = (page: Page): Promise<void> => page.locator('.badge-live').waitFor();

/** Hides or shows the page, as another tab does. */
async function setPageHidden(page: Page, isAway: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isAway);
}

/** Every state of the page, in the usual order. */
export const pageStates: readonly PageState[] = [
  {
    name: 'sign-in',
    scene: 'office',
    token: undefined,
    arrive: (page) => page.locator('.gate-card').waitFor(),
  },
  {
    name: 'wrong-token',
    scene: 'office',
    token: 'wrong',
    arrive: (page) => page.locator('.problem:not(:empty)').waitFor(),
  },
  {
    name: 'no-permission',
    scene: 'office',
    token: blindToken,
    arrive: (page) => page.locator('#no-permission').waitFor(),
  },
  {
    name: 'skeleton',
    scene: 'office',
    async arrive(page) {
      await page.routeWebSocket(/./, () => {});
      await page.reload();
      await page.locator('.skeleton').waitFor();
    },
    leave: (page) => page.unrouteAll(),
  },
  { name: 'empty', scene: 'empty', arrive: (page) => page.locator('.first-client').waitFor() },
  { name: 'list', scene: 'office', arrive: live },
  {
    name: 'grouped',
    scene: 'office',
    query: 'group=device',
    arrive: (page) => page.locator('.machine-row').first().waitFor(),
  },
  {
    name: 'detail',
    scene: 'office',
    query: 'instance=ada-node',
    async arrive(page) {
      await page.locator('.detail-section').last().waitFor();
      // With the pointer no focus ring is shown.
      await page.locator('.detail h2').blur();
    },
  },
  {
    name: 'detail-gone',
    scene: 'office',
    query: 'instance=nobody',
    arrive: (page) => page.locator('.detail-gone').waitFor(),
  },
  {
    name: 'no-match',
    scene: 'office',
    query: 'q=zebra',
    arrive: (page) => page.locator('.nothing').waitFor(),
  },
  {
    name: 'filtered',
    scene: 'office',
    query: 'mode=node&state=online&sort=-age',
    arrive: (page) => page.locator('.clear').waitFor(),
  },
  {
    name: 'filters',
    scene: 'office',
    async arrive(page) {
      await live(page);
      await page.locator('.filters-menu > .button').click();
      await page.locator('.filters .chip').first().waitFor();
    },
  },
  {
    name: 'view',
    scene: 'office',
    async arrive(page) {
      await live(page);
      await page.locator('.bar-actions .menu').nth(1).getByRole('button').first().click();
      await page.locator('.saved-views').waitFor();
    },
  },
  {
    name: 'palette',
    scene: 'office',
    async arrive(page) {
      await live(page);
      await page.keyboard.press('Control+k');
      await page.locator('.palette-offer').first().waitFor();
      await page.keyboard.type('mac');
    },
  },
  {
    name: 'since',
    scene: 'office',
    async arrive(page, fixture) {
      await live(page);
      await setPageHidden(page, true);
      const visitor = await fixture.connect({
        id: 'visitor',
        mode: 'ui',
        instanceId: 'visitor',
        displayName: 'Visitor',
      });
      fixture.clock.moveOn(61_000);
      visitor.stop();
      await page.locator('[data-key=visitor] .state-disconnected').waitFor();
      await setPageHidden(page, false);
      await page.locator('.band').waitFor();
    },
  },
  {
    name: 'timeline',
    scene: 'office',
    query: 'timeline',
    async arrive(page, fixture) {
      await live(page);
      await fixture.beacon({ instanceId: 'hall', version: '1.4.1' });
      await page.locator('.entry').first().waitFor();
    },
  },
  {
    name: 'notices',
    scene: 'office',
    async arrive(page, fixture) {
      await live(page);
      const shed = await fixture.connect(
        { id: 'node-host', mode: 'node', instanceId: 'shed', displayName: 'Shed camera' },
        { role: 'node', scopes: [] },
      );
      shed.stop();
      await page.locator('.notices-menu .count').waitFor();
      await page.locator('.notices-menu > .button').click();
      await page.locator('.notice').first().waitFor();
    },
  },
  {
    name: 'edit',
    scene: 'office',
    query: 'instance=forge',
    async arrive(page) {
      await page.locator('.operator-actions .button').first().click();
      await page.locator('.edit-form').waitFor();
    },
  },
  {
    name: 'confirm',
    scene: 'office',
    query: 'instance=forge',
    async arrive(page) {
      await page.locator('.operator-actions .danger').first().click();
      await page.locator('.confirm').waitFor();
    },
  },
  {
    name: 'past',
    scene: 'office',
    async arrive(page) {
      await live(page);
      await page.locator('.bar-actions .menu').last().getByRole('button').first().click();
      await page.locator('.menu-items .button').nth(1).click();
      await page.locator('.travel').waitFor();
    },
  },
  {
    name: 'paused',
    scene: 'office',
    async arrive(page) {
      await live(page);
      await page.keyboard.press('p');
      await page.locator('.badge-paused').waitFor();
    },
  },
  {
    name: 'held',
    scene: 'office',
    query: 'mode=test',
    async arrive(page, fixture) {
      await page.locator('[data-key=probe-7]').focus();
      await fixture.beacon({ instanceId: 'probe-1', host: 'probe-1', mode: 'test', version: '0.1.0' });
      await page.locator('.note .button').waitFor();
    },
  },
  {
    name: 'settings',
    scene: 'office',
    async arrive(page) {
      await live(page);
      await page.locator('.bar-actions .menu').last().getByRole('button').click();
      await page.locator('.settings').waitFor();
    },
  },
  {
    name: 'help',
    scene: 'office',
    async arrive(page) {
      await live(page);
      await page.keyboard.press('?');
      await page.locator('.help-keys').waitFor();
    },
  },
  {
    name: 'phone',
    scene: 'office',
    async arrive(page) {
      await live(page);
      await page.keyboard.press('Control+k');
      await page.locator('.palette input').fill('--qr');
      await page.locator('.palette-offer').first().click();
      await page.locator('.phone').waitFor();
    },
  },
  {
    name: 'full',
    scene: 'full',
    async arrive(page) {
      await page.locator('.hint').nth(1).waitFor();
      await page.locator('.hint').nth(1).getByRole('button').click();
      await page.locator('.hint-list').waitFor();
    },
  },
  {
    name: 'restarting',
    scene: 'restart',
    async arrive(page, fixture) {
      await live(page);
      await fixture.stop();
      await page.locator('.note-time').waitFor();
    },
    leave: (_page, fixture) => fixture.start(),
  },
];

/** Brings a page into a state. */
export async function arriveAt(
  page: Page,
  state: PageState,
  { fixture, language }: { readonly fixture: PageFixture; readonly language: string },
): Promise<void> {
  await page.goto('about:blank');
  const token = 'token' in state ? state.token : testToken;
  const fragment = token === undefined ? '' : `#token=${token}`;
  await page.goto(`${fixture.url}?${state.query ?? ''}&lang=${language}${fragment}`);
  await state.arrive(page, fixture);
}
