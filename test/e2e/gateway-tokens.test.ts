import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectParams } from '../harness/connect-params.ts';
import { type GatewayProcess, gatewayProcesses } from '../harness/gateway-process.ts';
import { type Ended, runRollcall } from '../harness/rollcall-process.ts';

const { home, start } = gatewayProcesses();

const token = (...args: string[]): Promise<Ended> => runRollcall(['token', ...args], home().env);
const tokensFile = (): string => join(home().folder, '.local/state/rollcall/tokens.json');

async function create(...args: string[]): Promise<string> {
  const made = await token('create', ...args);
  expect(made.code).toBe(0);
  return made.stdout.trim();
}

async function connect(gateway: GatewayProcess, secret: string, overrides = {}) {
  const client = gateway.dial();
  const hello = await client.connect({ auth: { token: secret }, ...overrides });
  return { client, hello };
}

async function refusal(gateway: GatewayProcess, secret: string, overrides = {}): Promise<unknown> {
  const client = gateway.dial();
  await client.nonce();
  const error = await client.refused('connect', connectParams({ auth: { token: secret }, ...overrides }));
  return error.details?.['code'];
}

describe('rollcall token', () => {
  it('[PA2] prints the secret once and keeps its hash, readable by the owner only', async () => {
    const made = await token('create', '--name', 'wall', '--scopes', 'operator.read');
    expect(made.stdout).toMatch(/^rollcall_[\w-]{43}\n$/);
    expect(made.stderr).toMatch(/^Token wall for role operator with operator\.read\. Shown only once/);
    expect(statSync(tokensFile()).mode & 0o777).toBe(0o600);
    const kept = readFileSync(tokensFile(), 'utf8');
    expect(kept).not.toContain(made.stdout.trim());
    expect(made.stderr).not.toContain(made.stdout.trim());
    const listed = await token('list');
    expect(listed.stdout).toMatch(/^NAME .*\nwall +operator +operator\.read +\d{4}-\d\d-\d\d\n$/);
    expect(listed.stdout).not.toContain(JSON.parse(kept).tokens[0].tokenHash);
    expect(JSON.parse((await token('list', '--json')).stdout)).toEqual([
      { name: 'wall', roles: ['operator'], scopes: ['operator.read'], createdAtMs: expect.any(Number) },
    ]);
  });

  it('[PA2] prints what is wrong', async () => {
    await create('--name', 'wall');
    expect(await token('create', '--name', 'WALL')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'rollcall: a token named "WALL" already exists. Revoke it or pick another name\n',
    });
    expect((await token('create', '--name', 'x y')).stderr).toMatch(/at \/name/);
    expect((await token('create', '--name', 'x', '--roles', 'admin')).stderr).toMatch(
      /operator, node or both/,
    );
    expect(await token('revoke', 'nobody')).toMatchObject({
      code: 1,
      stderr: 'rollcall: there is no token named nobody; known: wall\n',
    });
  });

  it('[PA2] grants what was requested and is allowed, to the roles that are allowed', async () => {
    const reader = await create('--name', 'reader');
    const camera = await create('--name', 'camera', '--roles', 'node', '--scopes', '');
    const gateway = await start();
    const { hello } = await connect(gateway, reader, { scopes: ['operator.read', 'operator.admin'] });
    expect(hello.auth).toEqual({ role: 'operator', scopes: ['operator.read'] });
    expect(await refusal(gateway, reader, { role: 'node' })).toBe('ROLE_NOT_GRANTED');
    expect(await refusal(gateway, camera)).toBe('ROLE_NOT_GRANTED');
    expect((await connect(gateway, camera, { role: 'node', scopes: [] })).hello.auth.role).toBe('node');
  });

  it('[PA2] a running gateway takes new tokens, and closes the connections of a revoked one', async () => {
    const gateway = await start();
    const first = await create('--name', 'first');
    await gateway.logged('named tokens changed');
    const second = await create('--name', 'second');
    await gateway.logged('"tokens":2');
    const mine = await connect(gateway, first);
    const other = await connect(gateway, second);
    const shared = readFileSync(join(home().folder, '.local/state/rollcall/gateway-token'), 'utf8').trim();
    const owner = await connect(gateway, shared);
    const stream = await fetch(`${gateway.url.replace('ws', 'http')}/api/v1/presence/stream`, {
      headers: { authorization: `Bearer ${first}` },
    });
    const streamed = stream.text();
    expect((await token('revoke', 'first')).code).toBe(0);
    expect(await mine.client.closed).toEqual({ code: 1008, reason: 'token revoked' });
    await streamed;
    expect(await refusal(gateway, first)).toBe('AUTH_TOKEN_MISMATCH');
    await other.client.call('health');
    await owner.client.call('health');
  });

  it('[PA2] a tokens file that became unusable changes nothing until it is right again', async () => {
    const secret = await create('--name', 'wall');
    const gateway = await start();
    const { client } = await connect(gateway, secret);
    const good = readFileSync(tokensFile(), 'utf8');
    writeFileSync(tokensFile(), '{"tokens": [{}');
    await gateway.logged('named tokens stay as they were');
    await client.call('health');
    await connect(gateway, secret);
    writeFileSync(tokensFile(), good);
    await gateway.logged('named tokens changed');
    await client.call('health');
  });

  it('[PA2] a tokens file that is removed ends its connections: it held the only record of who is admitted', async () => {
    const secret = await create('--name', 'wall');
    const gateway = await start();
    const { client } = await connect(gateway, secret);
    rmSync(tokensFile());
    expect(await client.closed).toMatchObject({ code: 1008 });
    expect(await gateway.logged('named tokens changed')).toContain('"revoked":["wall"]');
    await expect(connect(gateway, secret)).rejects.toThrow();
  });

  it('[PA2] a gateway does not start with a tokens file that it cannot use', async () => {
    await create('--name', 'wall');
    writeFileSync(tokensFile(), '{"tokens": [{"name": "x"}]}');
    const { code, stderr } = await runRollcall(['gateway', '--port', '0'], home().env);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^rollcall: the tokens file \S+ cannot be used: token 1: at \/tokenHash|\/roles/);
  });

  it('[PA2] takes named tokens and secret files from the configuration', async () => {
    const file = join(home().folder, 'wall-token');
    writeFileSync(file, 'wall-token-of-the-configuration\n');
    writeFileSync(join(home().folder, 'main-token'), 'main-token-of-the-configuration\n');
    const config = join(home().folder, 'config.json');
    const wall = { name: 'wall', tokenFile: file, roles: ['operator'], scopes: ['operator.read'] };
    writeFileSync(config, JSON.stringify({ tokens: [wall], tokenFile: join(home().folder, 'main-token') }));
    const gateway = await start(['--config', config]);
    await connect(gateway, 'main-token-of-the-configuration');
    const { hello } = await connect(gateway, 'wall-token-of-the-configuration', {
      scopes: ['operator.write'],
    });
    expect(hello.auth.scopes).toEqual([]);
  });
});

describe('secrets', () => {
  it('[PA2] [PW9] appear in no log line, error, setting, process title or address', async () => {
    const secrets = ['typed-flag-secret-1234', 'wrong-guess-secret-5678'];
    const named = await create('--name', 'wall', '--scopes', 'operator.admin');
    const gateway = await start(['--token', 'typed-flag-secret-1234', '--log-level', 'trace']);
    const all = [...secrets, named];
    const seen: string[] = [gateway.banner];
    const { client } = await connect(gateway, 'typed-flag-secret-1234');
    const wall = await connect(gateway, named, { scopes: ['operator.admin'] });
    seen.push(JSON.stringify(await client.call('config.get')));
    seen.push(JSON.stringify(await wall.client.call('status')));
    await refusal(gateway, 'wrong-guess-secret-5678');
    await refusal(gateway, '', { auth: { password: 'wrong-guess-secret-5678', token: named.slice(1) } });
    await refusal(gateway, named, { role: 'node', client: { instanceId: 5 } });
    const http = gateway.url.replace('ws', 'http');
    for (const headers of [
      {},
      { authorization: 'Bearer wrong-guess-secret-5678' },
      { authorization: `Bearer ${named}` },
    ]) {
      seen.push(await (await fetch(`${http}/api/v1/presence?token=x`, { headers })).text());
      seen.push(await (await fetch(`${http}/metrics`, { headers })).text());
    }
    if (process.platform === 'linux') {
      seen.push(readFileSync(`/proc/${gateway.pid}/cmdline`, 'utf8'));
      expect(seen.at(-1)).toMatch(/^rollcall gateway/);
    }
    await token('revoke', 'wall');
    await wall.client.closed;
    gateway.kill('SIGTERM');
    const { stdout, stderr } = await gateway.ended;
    seen.push(
      stdout,
      stderr,
      ...[...client.frames, ...wall.client.frames].map((frame) => JSON.stringify(frame)),
    );
    expect(stderr).toContain('use ROLLCALL_TOKEN or --token-file');
    for (const secret of all) for (const text of seen) expect(text).not.toContain(secret);
  });
});
