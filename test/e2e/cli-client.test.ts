import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { validateConnectParams } from '@openclaw/gateway-protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import { type FakeGateway, type FakeGatewayOptions, startFakeGateway } from '../harness/fake-gateway.ts';
import { type CommandHome, createCommandHome, type Ended, runRollcall } from '../harness/rollcall-process.ts';

const entries = [
  {
    host: 'vm',
    ip: '192.0.2.2',
    version: '2026.9.6',
    platform: 'linux 6.18',
    mode: 'gateway',
    reason: 'self',
    ts: 1_000_000,
  },
  {
    host: 'desk',
    mode: 'ui',
    lastInputSeconds: 5,
    reason: 'periodic',
    ts: 1_000_000 - 130_000,
    instanceId: 'a',
  },
  { host: 'old', mode: 'webchat', reason: 'disconnect', ts: 1_000_000 - 301_000, instanceId: 'b' },
];

let home: CommandHome;
let gateway: FakeGateway;

beforeEach(() => {
  home = createCommandHome();
});

afterEach(async () => {
  await gateway?.close();
  home.remove();
});

async function run(
  args: string[],
  options: FakeGatewayOptions = {},
  env: Record<string, string> = {},
): Promise<Ended> {
  gateway = await startFakeGateway(options);
  return runRollcall(args, { ...home.env, ROLLCALL_URL: gateway.url, ROLLCALL_TOKEN: 'right-token', ...env });
}

const presence = { 'system-presence': () => ({ payload: entries }) };

describe('rollcall list', () => {
  it('[PS2] [PS3] [PS4] [PS5] shows the state by word and shape and ages by the clock of the gateway', async () => {
    const { code, stdout, stderr } = await run(['list'], { answers: presence });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      'NAME | STATE | KIND | LAST SEEN | LAST INPUT | IP | VERSION | PLATFORM',
      'desk | ◐ idle | Desktop app | 2m 10s ago | 2m 15s ago',
      'old | ✕ disconnected | Web chat | 5m 1s ago',
      'vm | ● online | Gateway | 0s ago | 192.0.2.2 | 2026.9.6 | linux 6.18',
      '',
    ]);
  });

  it('[PS5] filters, sorts and chooses columns', async () => {
    const args = ['list', '--state', 'idle,online', '--sort', '-name', '--columns', 'name,state'];
    const { stdout } = await run(args, { answers: presence });
    expect(stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      'NAME | STATE',
      'vm | ● online',
      'desk | ◐ idle',
      '',
    ]);
    await gateway.close();
    const json = await run(['list', '--json', 'mode:ui'], { answers: presence });
    expect(JSON.parse(json.stdout)).toEqual([entries[1]]);
    await gateway.close();
    const one = await run(['status'], { answers: presence });
    expect([one.code, one.stdout]).toEqual([0, '0 online, 1 idle, 1 disconnected\n']);
  });

  it('prints with --json exactly what the gateway answered', async () => {
    const { code, stdout } = await run(['list', '--json'], { answers: presence });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(entries);
    expect(gateway.requests[1]).toEqual({ method: 'system-presence', params: undefined });
  });

  it('connects as mode cli with a random instance id and the least scopes', async () => {
    await run(['list'], { answers: presence });
    expect(gateway.requests[0]).toMatchObject({
      method: 'connect',
      params: {
        minProtocol: 3,
        maxProtocol: 4,
        client: { id: 'cli', mode: 'cli', instanceId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        role: 'operator',
        scopes: ['operator.read'],
        auth: { token: 'right-token' },
      },
    });
    expect(validateConnectParams(gateway.requests[0]?.params)).toBe(true);
  });

  it('uses presence.list where it is served and shows connections', async () => {
    const instances = entries.map((entry, index) => ({ ...entry, key: entry.host, connections: index }));
    const answers = { 'presence.list': () => ({ payload: { instances, now: 1_000_000, truncated: true } }) };
    const { stdout, stderr } = await run(['list'], { answers });
    expect(stdout).toMatch(/CONN\n/);
    expect(stdout).toMatch(/old .* 2\n/);
    expect(stderr).toContain('roster is full');
  });

  it('takes the OpenClaw variables when its own are absent', async () => {
    gateway = await startFakeGateway({ answers: presence });
    const env = { ...home.env, OPENCLAW_GATEWAY_URL: gateway.url, OPENCLAW_GATEWAY_TOKEN: 'claw' };
    expect((await runRollcall(['list'], env)).code).toBe(0);
    expect(gateway.requests[0]).toMatchObject({ params: { auth: { token: 'claw' } } });
  });
});

describe('rollcall beacon and call', () => {
  const answers = { 'system-event': () => ({ payload: { ok: true } }) };

  it('sends one system-event with the text composed', async () => {
    const args = [
      'beacon',
      '--host',
      'cam',
      '--mode',
      'node',
      '--ip',
      '192.0.2.9',
      '--last-input-seconds',
      '7',
      '--tags',
      'a,b',
    ];
    const { code, stdout } = await run(args, { answers });
    expect(code).toBe(0);
    expect(stdout).toBe('sent: Node: cam · mode node\n');
    expect(gateway.requests[1]?.params).toEqual({
      host: 'cam',
      mode: 'node',
      ip: '192.0.2.9',
      lastInputSeconds: 7,
      tags: ['a', 'b'],
      text: 'Node: cam · mode node',
    });
  });

  it('calls any method and prints the answer as JSON', async () => {
    const { stdout } = await run(['call', 'echo', '--params', '{"a":1}'], {
      answers: { echo: (params) => ({ payload: { params } }) },
    });
    expect(JSON.parse(stdout)).toEqual({ params: { a: 1 } });
  });
});

describe('one line with what to do, and exit code 1', () => {
  const refusal = (details: object, message = 'unauthorized') => ({
    answers: { connect: () => ({ error: { code: 'INVALID_REQUEST', message, details } }) },
  });

  const cases: [string, FakeGatewayOptions, RegExp][] = [
    ['a wrong token', refusal({ code: 'AUTH_TOKEN_MISMATCH' }), /wrong token for .*set ROLLCALL_TOKEN/],
    ['no token', refusal({ code: 'AUTH_TOKEN_MISSING' }), /needs a token\. .*set ROLLCALL_TOKEN/],
    [
      'a wrong password',
      refusal({ code: 'AUTH_PASSWORD_MISMATCH' }),
      /wrong password for .*Set ROLLCALL_PASSWORD/,
    ],
    [
      'another protocol',
      refusal({ code: 'PROTOCOL_MISMATCH', expectedProtocol: 9 }),
      /another protocol \(9\).*update/,
    ],
    ['an unknown refusal', refusal({}, 'no \u001b[31mway\nout'), /refused the connection: no \[31mway out$/],
    [
      'a missing scope',
      {
        answers: {
          'system-presence': () => ({
            error: { code: 'FORBIDDEN', message: 'no', details: { missingScope: 'operator.read' } },
          }),
        },
      },
      /system-presence needs the scope operator.read/,
    ],
    [
      'a method that is not served',
      { answers: { health: () => ({ payload: {} }) } },
      /unknown method "system-presence"\. Available: health/,
    ],
  ];

  it.each(cases)('%s', async (_, options, expected) => {
    const { code, stdout, stderr } = await run(['list'], options);
    expect(stderr.trimEnd()).toMatch(expected);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('right-token');
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  it('nothing listens', async () => {
    const url = `ws://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await runRollcall(['list', '--url', url], home.env);
    expect(stderr).toBe(
      `rollcall: nothing listens at ${url}: start a gateway (rollcall gateway), or name another one with --url or ROLLCALL_URL\n`,
    );
    expect(code).toBe(1);
  });

  it('an HTTP server that is no gateway', async () => {
    const server: Server = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const plain = await runRollcall(['list', '--url', `ws://127.0.0.1:${port}`], home.env);
    const tls = await runRollcall(['list', '--url', `wss://127.0.0.1:${port}`], home.env);
    server.close();
    expect(plain.stderr).toMatch(/answers HTTP 404, not WebSocket/);
    expect(tls.stderr).toMatch(/does not speak TLS: use ws:/);
    expect([plain.code, tls.code]).toEqual([1, 1]);
  });
});

describe('usage, exit code 2', () => {
  it.each([
    [['list', '--bogus'], /unknown option '--bogus'/],
    [['lits'], /unknown command 'lits'[\s\S]*list/],
    [['call'], /missing required argument 'method'/],
    [['call', 'health', '--params', '{'], /--params is not valid JSON/],
    [['list', '--url', 'example'], /is not a valid URL/],
    [
      ['beacon', '--last-input-seconds', '-1'],
      /--last-input-seconds must be a whole number of seconds from 0/,
    ],
    [['beacon', '--ip', 'nowhere'], /--ip must be an IPv4 or IPv6 address/],
  ])('%j', async (args, expected) => {
    const { code, stdout, stderr } = await runRollcall(args, home.env);
    expect(stderr).toMatch(expected);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
