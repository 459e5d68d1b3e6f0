import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import {
  type CommandHome,
  createCommandHome,
  runRollcall,
  startRollcall,
} from '../harness/rollcall-process.ts';
import {
  DoubleRefusal,
  helloGranting,
  startUpstreamDouble,
  type UpstreamDouble,
} from '../harness/upstream-double.ts';

let home: CommandHome;
let double: UpstreamDouble;

beforeEach(async () => {
  home = createCommandHome();
  double = await startUpstreamDouble({
    answers: {
      connect: ({ auth }) =>
        (auth as { token?: string } | undefined)?.token === 'right-token-123'
          ? undefined
          : new DoubleRefusal({
              code: 'INVALID_REQUEST',
              message: 'wrong',
              details: { code: 'AUTH_TOKEN_MISMATCH' },
            }),
    },
  });
});

afterEach(async () => {
  await double.stop('killed');
  home.remove();
});

const upstream = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
  runRollcall(['upstream', ...args], { ...home.env, ...more });

it('[PU9] [PU12] adds, tests and removes an upstream; its secret is stored in a file of mode 0600 and never printed', async () => {
  const secret = { ROLLCALL_UPSTREAM_TOKEN: 'right-token-123' };
  const added = await upstream(['add', 'home', double.url], secret);
  expect(added).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('added home: up, version 2026.9.6, 1 row'),
  });
  const folder = join(home.folder, '.local', 'state', 'rollcall');
  for (const file of ['upstreams.json', 'upstream-home.token'])
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  const tested = await upstream(['test']);
  expect(tested).toMatchObject({ code: 0, stdout: expect.stringContaining('home: up') });
  const removed = await upstream(['remove', 'HOME']);
  expect(removed.code).toBe(0);
  expect(() => statSync(join(folder, 'upstream-home.token'))).toThrow();
  expect(JSON.stringify([added, tested, removed])).not.toContain('right-token-123');
});

it('[PU19] pairs a device beside the token of the gateway, and keeps the device alone', async () => {
  const pairing = { code: 'PAIRING_REQUIRED', requestId: 'request-1' };
  const isApproved = (): boolean => paired.requests.length > 1;
  const paired: UpstreamDouble = await startUpstreamDouble({
    answers: {
      connect: ({ auth }) => {
        const { token } = (auth ?? {}) as { token?: string };
        if (token === 'granted-token') return undefined;
        if (token !== 'right-token-123')
          return new DoubleRefusal({ code: 'INVALID_REQUEST', details: { code: 'AUTH_TOKEN_MISSING' } });
        if (isApproved()) return helloGranting('granted-token');
        return new DoubleRefusal({ code: 'NOT_PAIRED', details: pairing });
      },
    },
  });
  try {
    const alone = await upstream(['add', 'office', paired.url, '--device']);
    expect(alone.code).toBe(1);
    const advice = `rollcall upstream add office ${paired.url} --device --token-file FILE`;
    expect(alone.stderr).toContain(advice);
    paired.requests.splice(0);
    const secret = { ROLLCALL_UPSTREAM_TOKEN: 'right-token-123' };
    const added = await upstream(['add', 'office', paired.url, '--device'], secret);
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('added office: up') });
    expect(added.stderr).toContain('openclaw devices approve request-1');
    const folder = join(home.folder, '.local', 'state', 'rollcall');
    expect(readFileSync(join(folder, 'upstreams.json'), 'utf8')).not.toContain('tokenFile');
    expect(existsSync(join(folder, 'upstream-office.token'))).toBe(false);
    expect((await upstream(['test', 'office'])).code).toBe(0);
  } finally {
    await paired.stop('killed');
  }
});

it('[PU12] [PU13] a gateway that refuses is not added, and what to do is printed', async () => {
  const file = join(home.folder, 'wrong');
  writeFileSync(file, 'wrong-token-123\n', { mode: 0o600 });
  const added = await upstream(['add', 'home', double.url, '--token-file', file]);
  expect(added.code).toBe(1);
  expect(added.stderr).toContain('tokenFile');
  expect(added.stderr).not.toContain('wrong-token-123');
  expect((await upstream(['add', 'a b', double.url])).code).toBe(2);
});

it('the start of an OpenClaw operator: a gateway that reads the one on this computer, whose token is found, and the list', async () => {
  const folder = join(home.folder, '.openclaw');
  mkdirSync(folder, { mode: 0o700 });
  const auth = { mode: 'token', token: 'right-token-123' };
  writeFileSync(join(folder, 'openclaw.json'), JSON.stringify({ gateway: { auth } }), { mode: 0o600 });
  const args = ['gateway', '--port', '0', '--upstream', `home=${double.url}`];
  const gateway = startRollcall(args, home.env);
  try {
    const banner = await gateway.printed('Press Ctrl+C to stop.');
    const [url = ''] = /ws:\/\/127\.0\.0\.1:\d+/.exec(banner) ?? [];
    await eventually(async () =>
      /^double .*\bhome\b/m.test((await runRollcall(['list', '--url', url], home.env)).stdout),
    );
  } finally {
    gateway.kill('SIGTERM');
    await gateway.ended;
  }
});
