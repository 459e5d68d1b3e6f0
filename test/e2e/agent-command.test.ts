import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway/index.ts';
import { type AgentFixture, createAgentFixture } from '../harness/agent-fixture.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { runRollcall } from '../harness/rollcall-process.ts';

assertEveryFrame();

let fixture: AgentFixture;

beforeEach(async () => {
  fixture = await createAgentFixture();
});
afterEach(() => fixture.close());

describe('rollcall agent', () => {
  it('[PR5] [PK6] is one row over its restarts, and disconnects at the end', async () => {
    const first = fixture.startAgent(['--name', 'desk one']);
    const launched = await fixture.row(({ reason }) => reason === 'launch');
    expect(launched).toMatchObject({ host: 'desk one', mode: 'node', roles: ['node'] });
    first.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
    await fixture.row(({ reason }) => reason === 'disconnect');
    fixture.startAgent([]);
    const again = await fixture.row(({ reason }) => reason === 'launch');
    expect([again.instanceId, again.deviceId]).toEqual([launched.instanceId, launched.deviceId]);
    expect(fixture.rows()).toHaveLength(1);
  });

  it('[PA3] [PR3] is a verified device as ui too', async () => {
    fixture.startAgent(['--mode', 'ui']);
    const row = await fixture.row(({ reason }) => reason === 'launch');
    expect(row).toMatchObject({
      mode: 'ui',
      roles: ['operator'],
      deviceId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('[PR9] sends the load of a node', async () => {
    fixture.startAgent([]);
    const { hostStats } = await fixture.row((row) => row.hostStats !== undefined);
    expect(hostStats).toMatchObject({ cpuCount: expect.any(Number), memoryTotalBytes: expect.any(Number) });
  });

  it('ends with what to do when the gateway refuses it', async () => {
    const { code, stderr } = await runRollcall(['agent'], { ...fixture.env, ROLLCALL_TOKEN: 'wrong' });
    expect(code).toBe(1);
    expect(stderr).toContain('give the token of that gateway with ROLLCALL_TOKEN or --token');
    expect(stderr).not.toContain('wrong');
  });

  it('[PU15] names a gateway that refuses it at once, and goes on reporting to the other', async () => {
    const other = createGateway({ port: 0, auth: { mode: 'token', token: 'another secret' } });
    const { url } = await other.start();
    const tokenFile = join(fixture.home.folder, 'token');
    writeFileSync(tokenFile, fixture.env['ROLLCALL_TOKEN'] ?? '', { mode: 0o600 });
    const agent = fixture.startAgent([
      '--url',
      `${fixture.env['ROLLCALL_URL']},tokenFile=${tokenFile}`,
      '--url',
      url,
    ]);
    await fixture.row(({ reason }) => reason === 'launch');
    const log = await agent.logged(`refused by ${url}`);
    expect(log).toContain(`What to do: give the token of that gateway: --url ${url},tokenFile=FILE`);
    await other.close();
  });

  it('ends with what to do when its identity is damaged', async () => {
    await runRollcall(['agent'], { ...fixture.env, ROLLCALL_TOKEN: 'wrong' });
    const file = join(fixture.home.folder, '.local', 'state', 'rollcall', 'agent.json');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 20));
    const { code, stderr } = await runRollcall(['agent'], fixture.env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/agent\.json is damaged .*Restore it from a backup, or delete it/);
  });

  it('explains wrong flags, all at once', async () => {
    const { code, stderr } = await runRollcall(
      ['agent', '--mode', 'web', '--interval-ms', '10', '--name', ' '],
      fixture.env,
    );
    expect(code).toBe(2);
    expect(
      stderr
        .trim()
        .split('\n')
        .map((line) => line.split(' must be')[0]),
    ).toEqual(['rollcall: --mode', 'rollcall: --name', 'rollcall: --interval-ms']);
  });

  it('prints with --dry-run what it would report, and sends nothing', async () => {
    const { code, stdout } = await runRollcall(
      ['agent', '--dry-run', '--no-input', '--mode', 'ui'],
      fixture.env,
    );
    expect(code).toBe(0);
    const facts = ['host', 'platform', 'deviceFamily', 'modelIdentifier', 'mode'];
    expect(Object.keys(JSON.parse(stdout)).filter((name) => name !== 'ip')).toEqual(facts);
    expect(fixture.rows()).toEqual([]);
  });
});
