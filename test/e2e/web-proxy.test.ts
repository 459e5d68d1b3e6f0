import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeInBrowser, launchChromium } from '../harness/chromium.ts';
import { startPageFixture } from '../harness/page-fixture.ts';
import { visit } from '../harness/page-visit.ts';

const folder = '/tools/rollcall/';

/** A proxy that serves a gateway under a folder, WebSockets too. */
async function startProxy(gatewayPort: number): Promise<{ readonly origin: string; close(): void }> {
  const target = { host: '127.0.0.1', port: gatewayPort };
  const inner = (url = ''): string => (url.startsWith(folder) ? `/${url.slice(folder.length)}` : '/not-here');
  const server = createServer((asked, answer) => {
    const onward = request({ ...target, path: inner(asked.url), headers: asked.headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    asked.pipe(onward);
  });
  server.on('upgrade', (asked, socket, head) => {
    const headers = Object.entries(asked.headers).map(([name, value]) => `${name}: ${value}`);
    const upstream = connect(target, () => {
      upstream.write([`GET ${inner(asked.url)} HTTP/1.1`, ...headers, '', ''].join('\r\n'));
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describeInBrowser('the page behind a proxy', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  it('works from a folder: files, parts that come later, and the WebSocket', async () => {
    const fixture = await startPageFixture();
    const proxy = await startProxy(fixture.port);
    const { page, complaints, close } = await visit(browser, `${proxy.origin}${folder}`);
    await page.locator('.badge-live').waitFor();
    await page.keyboard.press('?');
    await page.locator('.help-keys').waitFor();
    expect(complaints).toEqual([]);
    await close();
    proxy.close();
    await fixture.close();
  });

  it('is sent with a strict policy, an ETag and compressed', async () => {
    const fixture = await startPageFixture();
    const headers = { 'accept-encoding': 'gzip' };
    const page = await fetch(fixture.url, { headers });
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self'/);
    const [, script = ''] = /src="\.\/(assets\/[^"]+\.js)"/.exec(await page.text()) ?? [];
    const file = await fetch(`${fixture.url}${script}`, { headers });
    expect(file.headers.get('content-encoding')).toBe('gzip');
    expect(file.headers.get('cache-control')).toContain('immutable');
    const etag = page.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    const again = await fetch(fixture.url, { headers: { ...headers, 'if-none-match': etag } });
    expect(again.status).toBe(304);
    await fixture.close();
  });
});
