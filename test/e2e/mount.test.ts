import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway/index.ts';
import { testToken } from '../harness/connect-params.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { WireClient } from '../harness/wire-client.ts';

assertEveryFrame();

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const authorization = `Bearer ${testToken}`;
const auth = { mode: 'token', token: testToken } as const;

async function mounted(options: GatewayOptions): Promise<{ gateway: Gateway; server: Server; port: number }> {
  const gateway = createGateway({ drainMs: 500, ...options });
  await gateway.open();
  const server = createServer((request, response) => gateway.handleRequest(request, response));
  server.on('upgrade', (request, socket, head) => gateway.handleUpgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    await gateway.close();
    server.closeAllConnections();
    server.close();
  });
  return { gateway, server, port: (server.address() as AddressInfo).port };
}

async function hostsAt(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url.replace('ws:', 'http:')}/api/v1/presence`, {
    headers: { authorization },
  });
  const { instances } = (await response.json()) as { instances: { key: string }[] };
  return instances.map(({ key }) => key);
}

describe('a gateway on an existing server', () => {
  it('[PW12] accepts clients, answers HTTP, and sends shutdown', async () => {
    const { gateway, port } = await mounted({ auth });
    const client = new WireClient(`ws://127.0.0.1:${port}`);
    await client.connect({ client: { instanceId: 'mac' } });
    expect(await hostsAt(`ws://127.0.0.1:${port}`)).toContain('mac');
    const closed = once(client.socket, 'close');
    await gateway.close();
    expect((await closed)[0]).toBe(1012);
  });

  it('[PW12] refuses an upgrade to something else', async () => {
    const { port } = await mounted({ auth });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('400 Bad Request');
    socket.destroy();
  });
});

function example(name: string): ChildProcessWithoutNullStreams {
  const file = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  const env = { PATH: process.env['PATH'] ?? '', ROLLCALL_TOKEN: testToken, PORT: '0' };
  const child = spawn(process.execPath, [file], { env });
  cleanups.push(() => child.kill('SIGKILL'));
  return child;
}

const examples = ['http', 'express', 'fastify', 'hono'].map((name) => `mount-${name}.mjs`);

describe.each(examples)('%s', (name) => {
  it('[PW12] serves the application and the gateway on one port, and ends cleanly', async () => {
    const child = example(name);
    const url = String((await once(child.stdout, 'data'))[0]).trim();
    expect(await (await fetch(`${url.replace('ws:', 'http:')}/hello`)).text()).toBe(
      'hello from the application\n',
    );
    const client = new WireClient(url);
    await client.connect({ client: { instanceId: 'mac' } });
    expect(await hostsAt(url)).toContain('mac');
    const beacon = await fetch(`${url.replace('ws:', 'http:')}/api/v1/beacons`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'backup done', instanceId: 'backup' }),
    });
    expect(beacon.status).toBe(200);
    expect(await hostsAt(url)).toContain('backup');
    client.socket.terminate();
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(0);
  });
});
