import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import { connectParams } from '../harness/connect-params.ts';
import { type FakeGateway, startFakeGateway } from '../harness/fake-gateway.ts';
import { startFullListPeer } from '../harness/full-list-peer.ts';
import { gatewayProcesses } from '../harness/gateway-process.ts';
import { describeWith } from '../harness/required-program.ts';
import { type Ended, runRollcall } from '../harness/rollcall-process.ts';
import { selfSigned } from '../harness/self-signed.ts';

const { home, start } = gatewayProcesses();
const token = 'a-token-for-the-test';
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const doctor = (url: string, env: Record<string, string> = {}): Promise<Ended> =>
  runRollcall(['doctor'], { ...home().env, ROLLCALL_URL: url, ROLLCALL_TOKEN: token, ...env });

async function fakeGateway(rows: readonly object[]): Promise<FakeGateway> {
  const answers = { 'system-presence': () => ({ payload: rows }) };
  const fake = await startFakeGateway({ answers });
  cleanups.push(() => fake.close());
  return fake;
}

const self = { host: 'vm', mode: 'gateway', reason: 'self', ip: '192.0.2.1' };

describe('rollcall doctor', () => {
  it('connects as a client and prints what is right, step by step', async () => {
    const { url } = await start([], { ROLLCALL_TOKEN: token });
    const { code, stdout, stderr } = await doctor(url);
    expect(stderr).toBe('');
    expect(stdout.replace(/\d+ ms/g, 'N ms').split('\n')).toEqual([
      `✓ ok       ${url} is reached in N ms`,
      '✓ ok       no TLS, which nobody needs on one computer',
      '✓ ok       the token is accepted',
      expect.stringMatching(/^✓ ok {7}speaks protocol 4, gateway \d/),
      '✓ ok       grants operator.read, operator.write, operator.admin: enough for list, watch and beacon',
      "✓ ok       its clock is N ms from this computer's (± N ms)",
      '✓ ok       no instance is listed twice',
      '· note     clients of mode cli are never listed: change --hidden-modes of the gateway to see them',
      '✓ no problems, 1 instance listed',
      '',
    ]);
    expect(code).toBe(0);
  });

  it('finds what is wrong and exits 1', async () => {
    const ts = Date.now();
    const desk = { host: 'desk', mode: 'ui', ts };
    const { url } = await fakeGateway([
      { ...self, ts },
      { ...desk, reason: 'connect', roles: ['operator'], instanceId: 'a' },
      { ...desk, reason: 'periodic', instanceId: 'b' },
    ]);
    const { code, stdout } = await doctor(url);
    expect(code).toBe(1);
    expect(stdout).toContain('desk (ui) is listed 2 times (a, b): its beacons carry another instanceId');
    expect(stdout).toContain('1 problem, 3 instances listed');
  });

  it('[PO8] [F4] names an identity that two computers use, and no viewers', async () => {
    const { url, dial } = await start([], { ROLLCALL_TOKEN: token });
    const enter = (client: object): Promise<unknown> =>
      dial().connect(connectParams({ client: { ...client }, auth: { token } }));
    await enter({ instanceId: 'a1', displayName: 'desk' });
    await enter({ instanceId: 'A1', displayName: 'desk' });
    await enter({ instanceId: 'page', displayName: 'one', mode: 'viewer' });
    await enter({ instanceId: 'page', displayName: 'two', mode: 'viewer' });
    expect(await doctor(url)).toMatchObject({ code: 0 });
    await enter({ instanceId: 'a1', displayName: 'copy' });
    const { code, stdout } = await doctor(url);
    expect(code).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /a1 is connected from 2 computers \(desk.*, copy.*\): two computers use one identity at once: on the copy remove/,
    );
  });

  it('[PI3] finds a proxy in the list of an OpenClaw gateway', async () => {
    const ts = Date.now();
    const rows = ['a', 'b', 'c'].map((host) => ({ host, mode: 'ui', reason: 'connect', ip: '10.0.0.9', ts }));
    const { url } = await fakeGateway([{ ...self, ts }, ...rows]);
    expect((await doctor(url)).stdout).toContain('· note     3 hosts have the one address 10.0.0.9');
  });

  it('works with a gateway that sends only full lists', async () => {
    const peer = await startFullListPeer({ token });
    cleanups.push(() => peer.close());
    const { code, stdout } = await doctor(peer.url);
    expect(stdout).toContain('speaks protocol 4, gateway 2026.9.6');
    expect(stdout).toContain('operator.admin: enough for list, watch and beacon');
    expect(stdout).toContain('✓ no problems, 1 instance listed');
    expect(code).toBe(0);
  });

  it('stops at the step that fails, and prints what to do', async () => {
    const nowhere = await doctor(`ws://127.0.0.1:${await freePort()}`);
    expect(nowhere).toMatchObject({ code: 1, stdout: '' });
    expect(nowhere.stderr).toMatch(/^rollcall: nothing listens at .*: start a gateway/);
    const { url } = await start([], { ROLLCALL_TOKEN: token });
    const stranger = await doctor(url, { ROLLCALL_TOKEN: 'wrong' });
    expect(stranger.code).toBe(1);
    expect(stranger.stdout).toContain('is reached');
    expect(stranger.stderr).toContain('wrong token for');
    const secure = await doctor(url.replace('ws:', 'wss:'));
    expect(secure.stderr).toMatch(/does not speak TLS: use ws:\/\//);
  });
});

/** A proxy that answers every upgrade with this, and every other request with a page. */
async function startProxy(answer: string): Promise<string> {
  const proxy = createServer((_, response) => response.end('page'));
  proxy.on('upgrade', (_, socket) => socket.end(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\n\r\n`));
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  cleanups.push(() => new Promise((closed) => proxy.close(closed)));
  return `ws://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

describe('commands behind a proxy that opens no WebSocket', () => {
  it.each([
    ['200 OK', /may drop the header Upgrade/],
    ['502 Bad Gateway\r\nConnection: close', /a proxy in front of the gateway cannot reach it/],
    [
      '301 Moved Permanently\r\nLocation: https://new.example/',
      /is sent on to https:\/\/new\.example: use wss/,
    ],
  ])('say what to change when it answers %j', async (answer, expected) => {
    const url = await startProxy(answer);
    const env = { ...home().env, ROLLCALL_URL: url, ROLLCALL_TOKEN: token };
    const commands = [['doctor'], ['list'], ['status'], ['beacon', '--host', 'h'], ['call', 'health']];
    const ends = await Promise.all(commands.map((words) => runRollcall(words, env)));
    for (const { code, stderr } of ends) {
      expect(code).toBe(1);
      expect(stderr).toMatch(expected);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});

describeWith(['openssl'], 'rollcall doctor over TLS', () => {
  it('prints whose certificate it is and that it expires soon; stops at one that is not trusted', async () => {
    const { certFile, keyFile } = selfSigned(home().folder, 'gateway');
    const { url } = await start(['--tls-cert', certFile, '--tls-key', keyFile], { ROLLCALL_TOKEN: token });
    const trusting = await doctor(url, { NODE_EXTRA_CA_CERTS: certFile });
    expect(trusting.stderr).toBe('');
    expect(trusting.stdout).toMatch(
      /· note {5}TLSv1\.3, the certificate of gateway is trusted, but ends in 1 day: renew/,
    );
    expect(trusting.code).toBe(0);
    const doubting = await doctor(url);
    expect(doubting.stderr).toMatch(/certificate of .* is not trusted: point NODE_EXTRA_CA_CERTS/);
    expect(doubting.code).toBe(1);
  });
});
