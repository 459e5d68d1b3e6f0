import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort } from '../../bench/servers/local-port.ts';
import { requirePrograms } from '../harness/required-program.ts';
import { type CommandHome, createCommandHome } from '../harness/rollcall-process.ts';
import { startUserSession, type UserSession } from '../harness/user-manager.ts';

let home: CommandHome;
let session: UserSession | undefined;

beforeEach(() => {
  home = createCommandHome();
});

afterEach(async () => {
  await session?.close();
  session = undefined;
  home.remove();
});

it('installs, runs and removes the gateway with a real systemd', async (context) => {
  requirePrograms(context, 'unshare', 'systemctl', 'systemd-analyze');
  session = await startUserSession({ ...home.env, ROLLCALL_MAX_ENTRIES: '77' });
  const port = await freePort();
  const { code, output } = await session.run(
    `rollcall gateway install --port ${port} --token secret-of-the-test`,
  );
  expect(output).toContain('installed with systemd and started');
  expect(code).toBe(0);
  await expect.poll(() => reached(port)).toBe(true);
  const url = `ROLLCALL_URL=ws://127.0.0.1:${port} ROLLCALL_TOKEN=secret-of-the-test`;
  expect((await session.run(`${url} rollcall call config.get`)).output).toContain('"maxEntries": 77');
  expect(await session.run('rollcall gateway status')).toEqual({
    code: 0,
    output: 'the gateway is installed with systemd and runs',
  });

  const unit = join(home.folder, '.config', 'systemd', 'user', 'rollcall-gateway.service');
  expect(await session.run(`systemd-analyze --user verify ${unit}`)).toEqual({ code: 0, output: '' });
  expect(readFileSync(unit, 'utf8')).not.toContain('secret-of-the-test');

  expect((await session.run('rollcall gateway uninstall')).code).toBe(0);
  await expect.poll(() => reached(port)).toBe(false);
  expect((await session.run('rollcall gateway status')).code).toBe(1);
  const left = readdirSync(join(home.folder, '.config'), { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => entry.isFile())).toEqual([]);
});

it('installs no gateway that cannot start', async (context) => {
  requirePrograms(context, 'unshare', 'systemctl');
  session = await startUserSession(home.env);
  const { code, output } = await session.run('rollcall gateway install --port x');
  expect(code).toBe(2);
  expect(output).toContain('port');
  expect(readdirSync(home.folder)).not.toContain('.config');
});

async function reached(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );
}
