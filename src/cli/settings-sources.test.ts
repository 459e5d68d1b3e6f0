import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettings, type SettingsInput } from './settings-sources.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-settings-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function fileWith(content: unknown): string {
  const path = join(folder, 'settings.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

function read(input: Partial<SettingsInput> = {}): ReturnType<typeof readSettings> {
  return readSettings({ flags: {}, env: {}, homeFolder: folder, ...input });
}

function problemOf(input: Partial<SettingsInput>): string {
  const result = read(input);
  if (result.ok) throw new Error('no problem found');
  expect(result.error.exitCode).toBe(2);
  return result.error.message;
}

function settingsFrom(input: Partial<SettingsInput> = {}): object {
  const result = read(input);
  if (!result.ok) throw new Error(result.error.message);
  return result.value.settings;
}

describe('order of the sources', () => {
  it('has the defaults of the specification', () => {
    expect(settingsFrom()).toEqual({
      port: 18_789,
      bind: '127.0.0.1',
      auth: 'token',
      maxEntries: 200,
      maxNewInstancesPerMinute: 10_000,
      ttlMs: 300_000,
      hiddenModes: ['cli'],
      transientModes: ['probe', 'backend', 'viewer'],
      trustedProxies: [],
      allowedOrigins: [],
      handshakeTimeoutMs: 15_000,
      pingIntervalMs: 25_000,
      tickIntervalMs: 30_000,
      renewalMs: 60_000,
      maxCoalesceMs: 250,
      maxPayloadBytes: 4_194_304,
      maxBufferedBytes: 4_194_304,
      tokens: [],
      mcp: true,
      authLockoutLoopback: false,
      maxConnections: 10_000,
      maxPreauthSocketsPerAddress: 32,
      requestsPerSecond: 200,
      requestBurst: 1_000,
      maxAuthFailures: 10,
      authFailureWindowMs: 60_000,
      authLockoutMs: 300_000,
      drainMs: 2_000,
      clusterName: 'rollcall',
      clusterKeyPrefix: 'rollcall',
      journalEntries: 10_000,
      journalMs: 604_800_000,
      maxUnfinishedBytes: 33_554_432,
      maxUnfinishedBytesPerClient: 8_388_608,
      maxUnreadBytes: 268_435_456,
      messageTimeoutMs: 30_000,
      clusterLeaseMs: 6_000,
      replicateMs: 100,
      upstreams: [],
      logLevel: 'info',
    });
  });

  it('takes flags over environment over file', () => {
    const result = read({
      flags: { port: '1' },
      env: { ROLLCALL_PORT: '2', ROLLCALL_MAX_ENTRIES: '20' },
      configFile: fileWith({ port: 3, maxEntries: 30, ttlMs: 90_000 }),
    });
    if (!result.ok) throw new Error(result.error.message);
    const { settings, originOf } = result.value;
    expect(settings).toMatchObject({ port: 1, maxEntries: 20, ttlMs: 90_000 });
    expect(originOf('port')).toBe('flag --port');
    expect(originOf('maxEntries')).toBe('ROLLCALL_MAX_ENTRIES');
    expect(originOf('ttlMs')).toBe(`${join(folder, 'settings.json')}:1`);
    expect(originOf('bind')).toBe('default');
  });

  it('finds the file by ROLLCALL_CONFIG, else in the configuration folder', () => {
    const named = fileWith({ port: 5 });
    mkdirSync(join(folder, '.config', 'rollcall'), { recursive: true });
    writeFileSync(join(folder, '.config', 'rollcall', 'config.json'), '{"port": 6}');
    expect(settingsFrom()).toMatchObject({ port: 6 });
    expect(settingsFrom({ env: { ROLLCALL_CONFIG: named } })).toMatchObject({ port: 5 });
  });

  it('reads lists from text and from JSON', () => {
    expect(settingsFrom({ env: { ROLLCALL_HIDDEN_MODES: 'cli, probe' } })).toMatchObject({
      hiddenModes: ['cli', 'probe'],
    });
    expect(settingsFrom({ flags: { hiddenModes: '' } })).toMatchObject({ hiddenModes: [] });
    expect(settingsFrom({ configFile: fileWith({ hiddenModes: [] }) })).toMatchObject({ hiddenModes: [] });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(settingsFrom({ env: { ROLLCALL_PORT: '', ROLLCALL_CONFIG: '' } })).toMatchObject({ port: 18_789 });
  });
});

describe('problems name the key, where it is and what is expected', () => {
  it.each([
    [{ flags: { port: 'http' } }, 'port (flag --port) must be a whole number from 0 to 65535, but is "http"'],
    [{ flags: { port: '65536' } }, 'port (flag --port) must be a whole number from 0 to 65535, but is 65536'],
    [
      { env: { ROLLCALL_TTL_MS: '5m' } },
      'ttlMs (ROLLCALL_TTL_MS) must be a whole number of milliseconds from 1000 to 2147483647, but is "5m"',
    ],
    [
      { env: { ROLLCALL_AUTH: 'basic' } },
      'auth (ROLLCALL_AUTH) must be one of token, password, none, but is "basic"',
    ],
    [
      { flags: { trustedProxies: '10.0.0.0/33' } },
      'trustedProxies (flag --trusted-proxies) must be a list of addresses or CIDR ranges',
    ],
    [
      { flags: { allowedOrigins: 'example.org' } },
      'allowedOrigins (flag --allowed-origins) must be a list of origins',
    ],
    [
      { env: { ROLLCALL_MAX_ENTIRES: '1' } },
      'unknown environment variable ROLLCALL_MAX_ENTIRES (did you mean ROLLCALL_MAX_ENTRIES?)',
    ],
    [{ env: { ROLLCALL_XYZZY: '1' } }, 'ROLLCALL_XYZZY: rollcall gateway --help lists the settings'],
  ] satisfies [Partial<SettingsInput>, string][])('%j', (input, expected) => {
    expect(problemOf(input)).toContain(expected);
  });

  it.each([
    [{ port: '80' }, 'port (FILE:1) must be a whole number from 0 to 65535, but is "80"'],
    [{ port: null }, 'port (FILE:1) must be a whole number from 0 to 65535, but is null'],
    [
      { hiddenModes: 'cli' },
      'hiddenModes (FILE:1) must be a list of words, for example cli,probe, but is "cli"',
    ],
    [{ prot: 80 }, 'unknown key "prot" (FILE:1) (did you mean port?)'],
    ['{\n  "bind": "::",\n\n  "ttlMs": 5\n}', 'ttlMs (FILE:4) must be'],
    ['{\n  "tokens": [{ "name": "a" }]\n}', 'tokens (FILE:2): token 1: at '],
    ['{"port": 1,\n"bind": "::",\n"port": 2}', '"port" stands twice in FILE: lines 1, 3'],
    ['{"port": 1,}', 'FILE:1 is not valid JSON'],
    ['{\n"port": 1\n"bind": 2}', 'FILE:3 is not valid JSON'],
    ['{\n"port": 1', 'FILE:2 is not valid JSON'],
    ['[]', 'FILE must hold one JSON object'],
  ])('in the file: %j', (content, expected) => {
    const path = fileWith(content);
    expect(problemOf({ configFile: path }).replaceAll(path, 'FILE')).toContain(expected);
  });

  it('a named file that is missing', () => {
    const path = join(folder, 'none.json');
    expect(problemOf({ configFile: path })).toBe(`cannot read the configuration file ${path}: no such file`);
  });

  it('all problems together, one line each', () => {
    expect(problemOf({ flags: { port: 'x', ttlMs: 'y' } }).split('\n')).toHaveLength(2);
  });

  it('[PA1] secrets are never repeated', () => {
    const path = fileWith('{"token": "hunter2 hunter2" "password": "hunter2"}');
    expect(problemOf({ configFile: path })).not.toContain('hunter2');
    expect(problemOf({ flags: { token: 'hunter2 hunter2' } })).not.toContain('hunter2');
  });

  it.each(['ROLLCALL', 'ROLLCALL_GATEWAY', 'ROLLCALL_REDIS', 'ROLLCALL_WEB_2'])(
    'ignores the variables that Kubernetes and Docker make for a service: %s',
    (service) => {
      const env = {
        [`${service}_SERVICE_HOST`]: '10.0.0.1',
        [`${service}_SERVICE_PORT`]: '18789',
        [`${service}_SERVICE_PORT_HTTP`]: '18789',
        [`${service}_PORT`]: 'tcp://10.0.0.1:18789',
        [`${service}_PORT_18789_TCP`]: 'tcp://10.0.0.1:18789',
        [`${service}_PORT_18789_TCP_PROTO`]: 'tcp',
        [`${service}_PORT_18789_TCP_PORT`]: '18789',
        [`${service}_PORT_18789_TCP_ADDR`]: '10.0.0.1',
        [`${service}_NAME`]: '/web/rollcall',
        [`${service}_ENV_NODE_VERSION`]: '24',
      };
      const result = read({ env });
      expect(result).toMatchObject({ ok: true, value: { settings: { port: 18_789 } } });
      if (result.ok) expect(result.value.ignored).toEqual(Object.keys(env));
    },
  );
});

describe('problems between settings', () => {
  it.each([
    [
      { ttlMs: '85000' },
      'ttlMs (flag --ttl-ms) is 85000 but must be more than 85000, renewalMs plus pingIntervalMs',
    ],
    [
      { ttlMs: '50000', renewalMs: '1' },
      'ttlMs (flag --ttl-ms) is 50000 but must be more than 50000, twice pingIntervalMs',
    ],
    [
      { pingIntervalMs: '150000' },
      'ttlMs (default) is 300000 but must be more than 300000, twice pingIntervalMs',
    ],
  ])('[PR7] [PE4] ttlMs outlasts two keep-alive pings and a renewal: %j', (flags, expected) => {
    expect(problemOf({ flags })).toContain(expected);
    expect(settingsFrom({ flags: { ...flags, ttlMs: '300001' } })).toMatchObject({ ttlMs: 300_001 });
  });

  it.each(['0.0.0.0', '192.0.2.1', '::', 'example.org'])('[PA1] no open gateway on %s', (bind) => {
    expect(problemOf({ flags: { auth: 'none', bind } })).toContain('other computers can reach');
  });

  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('[PA1] an open gateway on %s', (bind) => {
    expect(settingsFrom({ flags: { auth: 'none', bind } })).toMatchObject({ auth: 'none' });
  });

  it('a password is required in the mode `password` and refused in others', () => {
    expect(problemOf({ flags: { auth: 'password' } })).toContain('no password is set: set ROLLCALL_PASSWORD');
    expect(problemOf({ env: { ROLLCALL_PASSWORD: 'x' } })).toContain('add --auth password');
  });
});
