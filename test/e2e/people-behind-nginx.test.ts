import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { Authority } from '../harness/authority.ts';
import { describeInBrowser, launchChromium } from '../harness/chromium.ts';
import { testToken } from '../harness/connect-params.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { blockOf } from '../harness/markdown-blocks.ts';
import { pageFolder } from '../harness/page-fixture.ts';
import { describeWith } from '../harness/required-program.ts';
import { type ReverseProxy, startNginx } from '../harness/reverse-proxy.ts';

assertEveryFrame();

describeWith(['nginx', 'openssl'], 'people whom nginx signs in, as docs/operate/people.md has it', () => {
  let gateway: Gateway;
  let proxy: ReverseProxy;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-people-'));
    const hash = execFileSync('openssl', ['passwd', '-apr1', 'letmein'], { encoding: 'utf8' }).trim();
    writeFileSync(join(folder, 'htpasswd'), `ada:${hash}\n`);
    gateway = createGateway({
      port: 0,
      auth: { mode: 'token', token: testToken },
      trustedProxies: ['127.0.0.1'],
      identity: { header: 'X-Forwarded-User', grants: [{ users: ['ada'], scopes: ['operator.read'] }] },
      pageFolder,
    });
    const { port } = await gateway.start();
    const signIn = blockOf('docs/operate/people.md', 'nginx').replace(
      '/etc/nginx/presence.htpasswd',
      join(folder, 'htpasswd'),
    );
    const site = blockOf('docs/operate/proxies.md', 'nginx').replace(
      'proxy_http_version 1.1;',
      `proxy_http_version 1.1;\n${signIn}`,
    );
    const certificate = new Authority(folder, 'authority').sign('presence', 'IP:127.0.0.1');
    proxy = await startNginx(site, { folder, certificate, gatewayPort: port });
  });
  afterAll(async () => {
    await proxy?.close();
    await gateway?.close();
  });

  const statusWith = (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const url = `${proxy.origin}/presence/api/v1/presence`;
      const asked = request(url, { rejectUnauthorized: false, agent: false, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.once('error', reject).end();
    });
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  it('[PA9] admits people who signed in, and nobody by a header of their own', async () => {
    expect(await statusWith({ Authorization: basic('ada:letmein') })).toBe(200);
    expect(await statusWith({ 'X-Forwarded-User': 'ada' })).toBe(401);
    expect(await statusWith({ 'X-Forwarded-User': 'ada', Authorization: basic('ada:wrong') })).toBe(401);
  });

  describeInBrowser('in a browser', () => {
    it('[PA11] shows the page live, without a token', async () => {
      const browser = await launchChromium();
      const httpCredentials = { username: 'ada', password: 'letmein' };
      const context = await browser.newContext({ ignoreHTTPSErrors: true, httpCredentials });
      const page = await context.newPage();
      await page.goto(`${proxy.origin}/presence/`);
      await page.locator('.badge-live').waitFor();
      await browser.close();
    });
  });
});
