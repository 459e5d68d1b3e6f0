import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AgentFixture, createAgentFixture } from '../harness/agent-fixture.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { requirePrograms } from '../harness/required-program.ts';
import { startUserSession, type UserSession } from '../harness/user-manager.ts';

assertEveryFrame();

let fixture: AgentFixture;
let session: UserSession | undefined;

beforeEach(async () => {
  fixture = await createAgentFixture();
});

afterEach(async () => {
  await session?.close();
  session = undefined;
  await fixture.close();
});

it('[PA2] installs, runs and removes the agent with a real systemd', async (context) => {
  requirePrograms(context, 'unshare', 'systemctl', 'systemd-analyze');
  session = await startUserSession(fixture.env);
  const { code, output } = await session.run('rollcall agent install --mode ui --name "the desk & co"');
  expect(output).toContain('installed with systemd and started');
  expect(code).toBe(0);
  expect(await fixture.row(({ reason }) => reason === 'launch')).toMatchObject({
    host: 'the desk & co',
    mode: 'ui',
  });
  expect(await session.run('rollcall agent status')).toEqual({
    code: 0,
    output: 'the agent is installed with systemd and runs',
  });

  const unit = join(fixture.home.folder, '.config', 'systemd', 'user', 'rollcall-agent.service');
  const environment = join(fixture.home.folder, '.config', 'rollcall', 'agent.env');
  expect(await session.run(`systemd-analyze --user verify ${unit}`)).toEqual({ code: 0, output: '' });
  expect(readFileSync(unit, 'utf8')).not.toContain('secret-of-the-test');
  expect(readFileSync(environment, 'utf8')).toContain("ROLLCALL_TOKEN='secret-of-the-test'");
  expect(statSync(environment).mode & 0o777).toBe(0o600);

  expect((await session.run('rollcall agent uninstall')).code).toBe(0);
  await fixture.row(({ reason }) => reason === 'disconnect');
  expect((await session.run('rollcall agent status')).code).toBe(1);
  const left = readdirSync(join(fixture.home.folder, '.config'), { recursive: true, withFileTypes: true });
  expect(left.filter((entry) => entry.isFile())).toEqual([]);
});

it('replaces a service that runs', async (context) => {
  requirePrograms(context, 'unshare', 'systemctl');
  session = await startUserSession(fixture.env);
  await session.run('rollcall agent install --name before');
  await fixture.row(({ host }) => host === 'before');
  expect((await session.run('rollcall agent install --name after')).code).toBe(0);
  await fixture.row(({ host, reason }) => host === 'after' && reason === 'launch');
  expect(fixture.rows()).toHaveLength(1);
});

it('prints what to do where no user manager runs', async (context) => {
  requirePrograms(context, 'systemctl');
  const agent = fixture.startAgent(['install'], { XDG_RUNTIME_DIR: '/nonexistent' });
  const { code, stderr } = await agent.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/The files are in place; when that is mended run: systemctl --user daemon-reload/);
});
