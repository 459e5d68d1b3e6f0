import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { Authority } from '../harness/authority.ts';
import { describeInBrowser, launchChromium } from '../harness/chromium.ts';
import { testToken } from '../harness/connect-params.ts';
import { EventStream } from '../harness/event-stream.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { blockOf } from '../harness/markdown-blocks.ts';
import { pageFolder } from '../harness/page-fixture.ts';
import { visit } from '../harness/page-visit.ts';
import { describeWith } from '../harness/required-program.ts';
import { type ReverseProxy, startCaddy, startNginx } from '../harness/reverse-proxy.ts';
import { createCommandHome, runRollcall } from '../harness/rollcall-process.ts';
import { WireClient } from '../harness/wire-client.ts';

assertEveryFrame();

const page = 'docs/operate/proxies.md';

describeWith(['nginx', 'openssl'], 'behind nginx, as docs/operate/proxies.md has it', () => {
  proxyTests((place) => startNginx(blockOf(page, 'nginx'), place));
});

describeWith(['caddy', 'openssl'], 'behind Caddy, as docs/operate/proxies.md has it', () => {
  proxyTests((place) => startCaddy(blockOf(page, 'caddyfile'), place));
});

function proxyTests(start: (place: Parameters<typeof startNginx>[1]) => Promise<ReverseProxy>): void {
  let folder: string;
  let authority: Authority;
  let gateway: Gateway;
  let proxy: ReverseProxy;
  let ca: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-proxy-'));
    authority = new Authority(folder, 'authority');
    ca = readFileSync(authority.certFile, 'utf8');
    gateway = createGateway({
      port: 0,
      auth: { mode: 'token', token: testToken },
      trustedProxies: ['127.0.0.1'],
      pageFolder,
    });
    const { port } = await gateway.start();
    const certificate = authority.sign('presence', 'IP:127.0.0.1');
    proxy = await start({ folder, certificate, gatewayPort: port });
  });
  afterAll(async () => {
    await proxy?.close();
    await gateway?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const authorization = `Bearer ${testToken}`;
  const ask = (path: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const asked = request(`${proxy.origin}${path}`, { ca, agent: false, headers }, resolve);
      asked.once('error', reject).end();
    });

  it('[F16] redirects the folder without its slash, and serves the page in it', async () => {
    const redirect = await ask('/presence');
    expect([301, 302, 308]).toContain(redirect.statusCode);
    expect(new URL(redirect.headers.location ?? '', proxy.origin).href).toBe(`${proxy.origin}/presence/`);
    redirect.resume();
    const answer = await ask('/presence/');
    expect(answer.statusCode).toBe(200);
    answer.resume();
  });

  it('[PI3] passes WebSockets on, with the origin of the page and the address that the client has, not the one it claims', async () => {
    const client = new WireClient(`${proxy.origin.replace('https', 'wss')}/presence/`, {
      ca,
      origin: proxy.origin,
      headers: { 'X-Forwarded-For': '203.0.113.9', Forwarded: 'for=203.0.113.9' },
    });
    await client.connect({ client: { instanceId: 'mac', displayName: 'mac' } });
    const { instances } = await client.call<{ instances: { key: string; ip?: string }[] }>('presence.list');
    const own = instances.find(({ key }) => key === 'mac');
    // The client is on loopback, which is not shown (PI1); the address that it made up would be.
    expect(own).toBeDefined();
    expect(own).not.toHaveProperty('ip');
    await client.close();
  });

  it('[PA6] refuses a page of another origin', async () => {
    const client = new WireClient(`${proxy.origin.replace('https', 'wss')}/presence/`, {
      ca,
      origin: 'https://elsewhere.example',
    });
    await expect(client.connect()).rejects.toThrow();
    expect((await client.closed).code).toBe(1008);
  });

  it('passes a stream on, event by event', async () => {
    const response = await ask('/presence/api/v1/presence/stream', { authorization });
    expect(response.statusCode).toBe(200);
    const stream = new EventStream(response);
    const client = new WireClient(`${proxy.origin.replace('https', 'wss')}/presence/`, { ca });
    await client.connect({ client: { instanceId: 'late', displayName: 'late' } });
    await stream.event('delta', ({ data }) => data.upsert.some(({ key }: { key: string }) => key === 'late'));
    stream.close();
    await client.close();
  });

  it('passes rollcall list, beacon and doctor', async () => {
    const home = createCommandHome();
    const env = {
      ...home.env,
      NODE_EXTRA_CA_CERTS: authority.certFile,
      ROLLCALL_URL: `${proxy.origin.replace('https', 'wss')}/presence/`,
      ROLLCALL_TOKEN: testToken,
    };
    const beacon = await runRollcall(['beacon', '--host', 'camera-3', '--mode', 'node'], env);
    expect(beacon).toMatchObject({ code: 0, stderr: '' });
    const list = await runRollcall(['list'], env);
    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(list.stdout).toContain('camera-3');
    expect((await runRollcall(['doctor'], env)).stdout).not.toMatch(/hides? .*address/i);
    home.remove();
  });

  describeInBrowser('in a browser', () => {
    it('shows the page from the folder, live', async () => {
      const browser = await launchChromium();
      const options = { ignoreHTTPSErrors: true };
      const { page: shown, complaints, close } = await visit(browser, `${proxy.origin}/presence/`, options);
      await shown.locator('.badge-live').waitFor();
      expect(complaints).toEqual([]);
      await close();
      await browser.close();
    });
  });
}
