import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway, GatewayOptions } from '../gateway/index.ts';
import { type GatewayFlags, runGateway } from './gateway-command.ts';
import { gatewayTokenFile } from './gateway-token.ts';
import type { Result } from './result.ts';
import type { Shell } from './shell.ts';

/** A shell that records its output, and a gateway double that the test controls. */
interface Fixture {
  readonly printed: string[];
  readonly exits: number[];
  readonly closed: (string | undefined)[];
  options?: GatewayOptions;
  signal?: (signal: NodeJS.Signals) => void;
  fault?: (fault: unknown, origin: string) => void;
}

let homeFolder: string;

beforeEach(() => {
  homeFolder = mkdtempSync(`${tmpdir()}/rollcall-gateway-`);
});

afterEach(() => rmSync(homeFolder, { recursive: true }));

function shellOf(fixture: Fixture): Shell {
  return {
    env: {},
    homeFolder,
    hostName: 'vm',
    platform: 'linux 6',
    addresses: () => ['127.0.0.1', '::1', '192.0.2.7'],
    columns: undefined,
    colour: false,
    nowMs: () => 0,
    print: (text) => void fixture.printed.push(text),
    complain: (text) => void fixture.printed.push(text),
    onStopSignal: (listener) => {
      fixture.signal = listener;
      return () => {};
    },
    onFault: (listener) => {
      fixture.fault = listener;
    },
    exit: (code) => void fixture.exits.push(code),
  };
}

const log = { debug() {}, info() {}, warn() {}, error() {} };

/** Runs the command; `start` is what the gateway does, by default it listens and the stop signals come at once. */
async function run(
  flags: GatewayFlags['settings'] = {},
  start?: (fixture: Fixture) => ReturnType<Gateway['start']>,
  signals: readonly NodeJS.Signals[] = ['SIGTERM'],
  page: { readonly pageFolder?: string } = {},
): Promise<Fixture & { result: Result<void> }> {
  const fixture: Fixture = { printed: [], exits: [], closed: [] };
  const listen = async (): ReturnType<Gateway['start']> => {
    for (const signal of signals) fixture.signal?.(signal);
    const { host = '', port = 0 } = fixture.options ?? {};
    return { url: `ws://${host.includes(':') ? `[${host}]` : host}:${port}`, host, port };
  };
  const createGateway = (
    options: GatewayOptions,
  ): Pick<Gateway, 'start' | 'close' | 'setUpstreams' | 'setNotices'> => {
    fixture.options = options;
    return {
      start: () => (start ?? listen)(fixture),
      close: async (reason) => void fixture.closed.push(reason),
      setUpstreams: () => {},
      setNotices: () => {},
    };
  };
  const context = { shell: shellOf(fixture), version: '1.2.3' };
  const result = await runGateway(context, { settings: flags }, async () => ({
    createGateway,
    createLogger: () => ({ ...log, flush: async () => {} }),
    loadEngines: () => Promise.reject(new Error('no cluster is configured')),
    ...page,
  }));
  return { ...fixture, result };
}

const fails = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error(`listen ${code}`), { code });
};

describe('rollcall gateway', () => {
  it('[PA1] shows a generated token once, later only the file that keeps it', async () => {
    const first = await run();
    const token = first.options?.auth.mode === 'token' ? first.options.auth.token : '';
    const file = gatewayTokenFile(join(homeFolder, '.local', 'state', 'rollcall'));
    expect(first.printed[0]).toContain(`Token (shown once)        ${token}\n`);
    const second = await run();
    expect(second.options?.auth).toEqual({ mode: 'token', token });
    expect(second.printed.join()).not.toContain(token);
    expect(second.printed[0]).toBe(
      [
        'Rollcall 1.2.3 listens on ws://127.0.0.1:18789',
        '',
        `  Token saved in            ${file}`,
        '  See who is connected      rollcall list',
        `  From an OpenClaw CLI      openclaw gateway call system-presence --url ws://127.0.0.1:18789 --token "$(cat ${file})"`,
        '',
        'Press Ctrl+C to stop.',
      ].join('\n'),
    );
  });

  it('[PA1] never prints a secret that was given', async () => {
    const { printed, options } = await run({ token: 'hunter2' });
    expect(options?.auth).toEqual({ mode: 'token', token: 'hunter2' });
    expect(printed.join()).not.toContain('hunter2');
    const other = await run({ auth: 'password', password: 'hunter3' });
    expect(other.options?.auth).toEqual({ mode: 'password', password: 'hunter3' });
    expect(other.printed.join()).not.toContain('hunter3');
  });

  it('passes the settings to the gateway', async () => {
    const { options } = await run({
      port: '0',
      bind: '::1',
      ttlMs: '90000',
      hiddenModes: 'a,b',
      auth: 'none',
    });
    expect(options).toMatchObject({
      port: 0,
      host: '::1',
      ttlMs: 90_000,
      hiddenModes: ['a', 'b'],
      auth: { mode: 'none' },
    });
  });

  it('serves the page when it was built, and prints its address', async () => {
    const { options, printed } = await run({}, undefined, ['SIGTERM'], { pageFolder: '/page' });
    expect(options?.pageFolder).toBe('/page');
    expect(printed[0]).toContain('In a browser              http://127.0.0.1:18789/\n');
    expect((await run()).printed[0]).not.toContain('browser');
  });

  it('[PR1] keeps the instance id of the gateway, one per port', async () => {
    const ids = [
      await run(),
      await run(),
      await run({ port: '1' }),
      await run({ port: '0' }),
      await run({ port: '0' }),
    ].map(({ options }) => options?.instanceId);
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(4);
  });

  it('prints where this and other computers connect when it listens everywhere, and warns without TLS', async () => {
    const { printed } = await run({ bind: '0.0.0.0' });
    expect(printed[0]).toContain('listens on ws://0.0.0.0:18789');
    expect(printed[0]).toContain('See who is connected      rollcall list\n');
    expect(printed[0]).toContain('From other computers      ws://192.0.2.7:18789\n');
    expect(printed[0]).toContain('Warning: without TLS, others on the network can read the token.');
  });

  it('[PW8] closes the gateway at the first signal; the second ends the process', async () => {
    const once = await run();
    expect(once.result).toEqual({ ok: true, value: undefined });
    expect(once.closed).toEqual(['gateway stopping']);
    expect(once.exits).toEqual([]);
    expect((await run({}, undefined, ['SIGINT', 'SIGINT'])).exits).toEqual([130]);
    expect((await run({}, undefined, ['SIGINT', 'SIGTERM'])).exits).toEqual([143]);
  });

  it.each([
    [
      'EADDRINUSE',
      'port 18789 of 127.0.0.1 is in use: stop the other program (another gateway?), or choose a port with --port',
    ],
    ['EACCES', 'this user may not listen on 127.0.0.1:18789: choose a port above 1023 with --port'],
    [
      'EADDRNOTAVAIL',
      '127.0.0.1 is no address of this computer: choose one with --bind, for example 127.0.0.1',
    ],
    ['ENOTFOUND', 'the host name 127.0.0.1 is not known: give an address with --bind, for example 127.0.0.1'],
  ])('says in one line why it cannot listen: %s', async (code, message) => {
    const { result, printed } = await run({}, fails(code));
    expect(result).toEqual({ ok: false, error: { exitCode: 1, message } });
    expect(printed).toEqual([]);
  });

  it('starts nothing when a setting is wrong', async () => {
    const { result, options } = await run({ port: 'x' });
    expect(result).toMatchObject({ ok: false, error: { exitCode: 2 } });
    expect(options).toBeUndefined();
  });
});
