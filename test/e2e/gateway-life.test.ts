import { describe, expect, it } from 'vitest';
import { type GatewayProcess, gatewayProcesses } from '../harness/gateway-process.ts';
import { runRollcall } from '../harness/rollcall-process.ts';
import { askUpgrade } from '../harness/upgrade-answer.ts';
import type { WireClient } from '../harness/wire-client.ts';

const { home, start } = gatewayProcesses();
const token = 'a-token-for-the-test';
const environment = { ROLLCALL_TOKEN: token };

async function connected(gateway: GatewayProcess, count: number): Promise<WireClient[]> {
  const clients = Array.from({ length: count }, () => gateway.dial());
  for (const client of clients) await client.connect({ auth: { token } });
  return clients;
}

describe('a gateway that is stopped', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '[PW8] tells everybody on %s, closes with 1012 and exits with 0',
    async (signal) => {
      const gateway = await start(['--restart-expected-ms', '5000'], environment);
      const clients = await connected(gateway, 20);
      gateway.kill(signal);
      for (const client of clients) {
        expect((await client.event('shutdown')).payload).toEqual({
          reason: 'gateway stopping',
          restartExpectedMs: 5_000,
        });
        expect(await client.closed).toEqual({ code: 1012, reason: 'service restart' });
      }
      expect(await gateway.ended).toMatchObject({ code: 0, signal: null });
    },
  );

  it('[PW8] while it drains it is not ready, and admits nobody', async () => {
    const gateway = await start(['--drain-ms', '20000'], environment);
    const [silent] = await connected(gateway, 1);
    silent?.socket.pause();
    const http = gateway.url.replace('ws', 'http');
    expect((await fetch(`${http}/readyz`)).status).toBe(200);
    gateway.kill('SIGTERM');
    while ((await fetch(`${http}/readyz`)).status === 200);
    const upgrade = await askUpgrade(gateway.url);
    expect(upgrade.status).toBe(503);
    expect(JSON.parse(upgrade.body).error.message).toBe('the gateway is stopping (retry later)');
    silent?.socket.resume();
    expect(await gateway.ended).toMatchObject({ code: 0 });
  });

  it('[PW8] a client that never answers does not delay it longer than drainMs', async () => {
    const gateway = await start(['--drain-ms', '300'], environment);
    const [silent] = await connected(gateway, 1);
    silent?.socket.pause();
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toMatchObject({ code: 0, signal: null });
  });

  it('[PW8] a second signal ends it at once', async () => {
    const gateway = await start(['--drain-ms', '600000'], environment);
    const [silent] = await connected(gateway, 1);
    silent?.socket.pause();
    gateway.kill('SIGTERM');
    const http = gateway.url.replace('ws', 'http');
    while ((await fetch(`${http}/readyz`)).status === 200);
    gateway.kill('SIGTERM');
    expect(await gateway.ended).toMatchObject({ code: 143, signal: null });
  });
});

describe('a fault that nobody caught', () => {
  it.each([
    ['an error', `process.once('SIGUSR2', () => { throw new Error('boom'); })`, 'uncaughtException'],
    [
      'a rejection',
      `process.once('SIGUSR2', () => void Promise.reject(new Error('boom')))`,
      'unhandledRejection',
    ],
  ])('%s is logged with its context and ends the process with 1', async (_, fault, origin) => {
    const preload = `data:text/javascript,${encodeURIComponent(fault)}`;
    const gateway = await start([], { ...environment, NODE_OPTIONS: `--import=${preload}` });
    gateway.kill('SIGUSR2');
    const { code, stderr } = await gateway.ended;
    expect(code).toBe(1);
    const line = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    expect(line).toMatchObject({ level: 'error', origin, err: { message: 'boom' } });
    expect(line.err.stack).toContain('boom');
  });
});

describe('a gateway without credentials', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', '::ffff:192.0.2.1', '::ffff:0.0.0.0', '0', '127.1', 'example.org'])(
    '[PA1] is refused on %s',
    async (bind) => {
      const { code, stderr } = await runRollcall(['gateway', '--auth', 'none', '--bind', bind], home().env);
      expect(code).toBe(2);
      expect(stderr).toContain(
        `auth (flag --auth) is none but bind (flag --bind) is ${bind}, which other computers can reach`,
      );
    },
  );

  it.each(['127.0.0.1', '127.3.2.1', '::1', 'localhost'])('[PA1] may listen on %s', async (bind) => {
    const gateway = await start(['--auth', 'none', '--bind', bind]);
    await gateway.dial().connect({ auth: undefined });
  });

  it('[PA6] refuses pages whose name was made to resolve to this address (DNS rebinding)', async () => {
    const gateway = await start(['--auth', 'none']);
    const { port } = new URL(gateway.url);
    const page = async (origin: string, host: string): Promise<unknown> => {
      const client = gateway.dial({ headers: { origin, host } });
      await client.nonce();
      const answer = await client.ask('connect', {
        minProtocol: 4,
        maxProtocol: 4,
        client: { id: 'page', version: '1', platform: 'web', mode: 'ui' },
      });
      return answer.type === 'res' && answer.ok ? 'in' : JSON.stringify(answer);
    };
    expect(await page(`http://127.0.0.1:${port}`, `127.0.0.1:${port}`)).toBe('in');
    expect(await page(`http://localhost:${port}`, `localhost:${port}`)).toBe('in');
    expect(await page(`http://evil.example:${port}`, `evil.example:${port}`)).toContain('ORIGIN_NOT_ALLOWED');
  });
});
