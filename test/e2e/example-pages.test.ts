import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createPresenceClient, type PresenceClient } from '../../src/client/index.ts';
import { wsSocket } from '../../src/client/node/index.ts';
import { createGateway } from '../../src/gateway/index.ts';
import { describeInBrowser, launchChromium } from '../harness/chromium.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { serveFolder } from '../harness/static-server.ts';
import { until } from '../harness/until.ts';

assertEveryFrame();

const root = fileURLToPath(new URL('../..', import.meta.url));
const cleanups: (() => unknown)[] = [];
let browser: Browser;

/** A page of `folder` in a browser, with a gateway that accepts it. */
interface Fixture {
  readonly page: Page;
  readonly url: string;
  readonly viewer: PresenceClient;
}

async function open(folder: string, path: string): Promise<Fixture> {
  const server = await serveFolder(folder);
  cleanups.push(() => server.close());
  const gateway = createGateway({
    port: 0,
    auth: { mode: 'token', token: 'secret' },
    allowedOrigins: [server.origin],
  });
  const { url } = await gateway.start();
  cleanups.push(() => gateway.close());
  const viewer = createPresenceClient({
    url,
    token: 'secret',
    client: { mode: 'ui', displayName: 'viewer' },
    createSocket: wsSocket(),
  });
  viewer.start();
  cleanups.push(() => viewer.stop());
  const page = await browser.newPage();
  cleanups.push(() => page.close());
  page.on('pageerror', (error) => cleanups.push(() => Promise.reject(error)));
  await page.goto(`${server.origin}/${path}#${url}`);
  return { page, url, viewer };
}

describeInBrowser('the example pages', () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  const host = (name: string) => (client: PresenceClient) =>
    client.roster.instances.some((row) => row.host === name && row.connections === 1);

  it('browser-page.html is present as a web chat and shows who is there', async () => {
    const { page, url, viewer } = await open(root, 'examples/browser-page.html');
    await page.getByLabel('Gateway').fill(url);
    await page.getByLabel('Token').fill('secret');
    await page.getByRole('button').click();
    await page.getByText(/^● active · viewer \(ui\) · \d+ s ago$/).waitFor();
    await page.getByText('Example page (webchat)').waitFor();
    await until(viewer, host('Example page'));
    expect(viewer.roster.instances).toContainEqual(expect.objectContaining({ mode: 'webchat' }));
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button').click();
    await page.getByText(/^refused: .*Pass the token of this gateway/).waitFor();
  });

  it('react-list shows a live list', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-react-list-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    await build({
      root: join(root, 'examples/react-list'),
      configFile: false,
      logLevel: 'warn',
      build: { outDir: folder, emptyOutDir: true },
    });
    const { page, viewer } = await open(folder, 'index.html');
    await page.getByLabel('Token').fill('secret');
    await page.getByRole('button').click();
    await page.getByText('viewer: active').waitFor();
    await until(viewer, host('React list'));
    await viewer.beacon({ lastInputSeconds: 7 });
    await page.getByText(/viewer: active, last input [78] s ago/).waitFor();
    expect(await page.getByRole('status').textContent()).toContain('connected');
  });
});
