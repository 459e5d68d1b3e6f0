import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import {
  type CommandHome,
  createCommandHome,
  type Ended,
  type RollcallProcess,
  runRollcall,
  startRollcall,
} from '../harness/rollcall-process.ts';

let home: CommandHome;
let gateway: RollcallProcess | undefined;
let occupant: Server | undefined;

beforeEach(() => {
  home = createCommandHome();
  gateway = undefined;
});

afterEach(async () => {
  gateway?.kill('SIGKILL');
  await gateway?.ended;
  await new Promise<void>((resolve) =>
    occupant === undefined ? resolve() : occupant.close(() => resolve()),
  );
  occupant = undefined;
  home.remove();
});

/** Starts the gateway on a free port and waits until it listens. */
async function start(
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<{ url: string; banner: string }> {
  gateway = startRollcall(['gateway', '--port', '0', ...args], { ...home.env, ...env });
  const banner = await gateway.printed('Press Ctrl+C to stop.');
  return { url: /ws:\/\/\S+/.exec(banner)?.[0] ?? '', banner };
}

const ask = (url: string, ...args: string[]): Promise<Ended> =>
  runRollcall(args, { ...home.env, ROLLCALL_URL: url });

const tokenFile = (): string => join(home.folder, '.local/state/rollcall/gateway-token');

describe('rollcall gateway, a process', () => {
  it('[PR1] [PR4] [PA1] makes a token, and list finds the gateway and the token without flags', async () => {
    const { url, banner } = await start();
    const token = readFileSync(tokenFile(), 'utf8').trim();
    expect(banner).toContain(token);
    expect(statSync(tokenFile()).mode & 0o777).toBe(0o600);
    const { code, stdout, stderr } = await ask(url, 'list');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^NAME +STATE .*\n\S+ +● online .*Gateway/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it('[PO2] rollcall name prints what a machine is called, and that it has no annotations any more', async () => {
    const { url } = await start();
    await ask(url, 'beacon', '--host', 'camera-3');
    expect((await ask(url, 'name', 'camera-3', 'Front door')).stdout).toBe('camera-3: Front door\n');
    expect((await ask(url, 'name', 'camera-3')).stdout).toBe('camera-3: no annotations\n');
  });

  it('[PA1] uses the stored token at the next start and does not show it again', async () => {
    await start();
    const token = readFileSync(tokenFile(), 'utf8').trim();
    gateway?.kill('SIGTERM');
    await gateway?.ended;
    const { banner, url } = await start();
    expect(banner).not.toContain(token);
    expect(banner).toContain(tokenFile());
    expect((await ask(url, 'list')).code).toBe(0);
  });

  it('[PR6] beacon, list --json, call and doctor agree', async () => {
    const { url } = await start();
    const sent = await ask(
      url,
      'beacon',
      '--host',
      'cam',
      '--instance-id',
      'Cam-1',
      '--mode',
      'node',
      '--ip',
      '192.0.2.9',
    );
    expect(sent).toMatchObject({ code: 0, stdout: 'sent: Node: cam · mode node\n', stderr: '' });
    const listed = JSON.parse((await ask(url, 'list', '--json')).stdout);
    expect(listed).toHaveLength(2);
    expect(listed[1]).toMatchObject({ host: 'cam', instanceId: 'Cam-1', mode: 'node', ip: '192.0.2.9' });
    const called = JSON.parse((await ask(url, 'call', 'system-presence')).stdout);
    expect(called[1]).toEqual(listed[1]);
    const doctor = await ask(url, 'doctor');
    expect(doctor.stdout).toMatch(
      /note +clients of mode cli are never listed[\s\S]*✓ no problems, 2 instances listed/,
    );
    expect(doctor.code).toBe(0);
  });

  it('[PW9] config.get shows the settings in force and no secret', async () => {
    const { url } = await start(['--max-entries', '7'], { ROLLCALL_HIDDEN_MODES: 'cli,probe' });
    const token = readFileSync(tokenFile(), 'utf8').trim();
    const { stdout } = await ask(url, 'call', 'config.get');
    expect(JSON.parse(stdout)).toMatchObject({
      settings: { maxEntries: 7, hiddenModes: ['cli', 'probe'], auth: { mode: 'token' } },
    });
    expect(stdout).not.toContain(token);
  });

  it('[PA1] accepts a password, and prints what to do without it', async () => {
    const { url, banner } = await start(['--auth', 'password'], { ROLLCALL_PASSWORD: 'open sesame' });
    expect(banner).not.toContain('open sesame');
    expect((await ask(url, 'list')).stderr).toMatch(/needs a password\. Set ROLLCALL_PASSWORD/);
    const allowed = await runRollcall(['list'], {
      ...home.env,
      ROLLCALL_URL: url,
      ROLLCALL_PASSWORD: 'open sesame',
    });
    expect(allowed.code).toBe(0);
  });

  it('[PA1] refuses a wrong token in one line', async () => {
    const { url } = await start();
    const { code, stderr } = await runRollcall(['list'], {
      ...home.env,
      ROLLCALL_URL: url,
      ROLLCALL_TOKEN: 'wrong-token',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^rollcall: wrong token for ws:\S+ [^\n]*ROLLCALL_TOKEN[^\n]*\n$/);
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('[PW8] ends with exit code 0 on %s', async (signal) => {
    await start();
    gateway?.kill(signal);
    expect(await gateway?.ended).toMatchObject({ code: 0, signal: null });
  });

  it('prints in one line that the port is in use', async () => {
    const port = await freePort();
    occupant = createServer();
    await new Promise<void>((resolve) => occupant?.listen(port, '127.0.0.1', resolve));
    const { code, stdout, stderr } = await runRollcall(['gateway', '--port', String(port)], home.env);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      `rollcall: port ${port} of 127.0.0.1 is in use: stop the other program (another gateway?), or choose a port with --port\n`,
    );
  });

  it('reads the configuration file and names what is wrong in it', async () => {
    const file = join(home.folder, 'settings.json');
    writeFileSync(file, '{"prot": 1}');
    const { code, stderr } = await runRollcall(['gateway', '--config', file], home.env);
    expect(code).toBe(2);
    expect(stderr).toContain(`unknown key "prot" (${file}:1) (did you mean port?)`);
  });

  it('writes its log as JSON lines to standard error, without secrets', async () => {
    await start(['--log-level', 'debug', '--token', 'a-secret-token']);
    gateway?.kill('SIGTERM');
    const ended = await gateway?.ended;
    const lines = (ended?.stderr ?? '').split('\n').filter((line) => line !== '');
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level');
    expect(ended?.stderr).not.toContain('a-secret-token');
  });
});
