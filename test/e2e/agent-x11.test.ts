import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PresenceEntry } from '../../src/core/index.ts';
import { type AgentFixture, createAgentFixture } from '../harness/agent-fixture.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { requirePrograms } from '../harness/required-program.ts';
import { runRollcall } from '../harness/rollcall-process.ts';
import { startXServer, type XServer } from '../harness/x-server.ts';

assertEveryFrame();

let fixture: AgentFixture;
let server: XServer | undefined;

beforeEach(async () => {
  fixture = await createAgentFixture();
});

afterEach(async () => {
  await fixture.close();
  await server?.close();
  server = undefined;
});

it('[PF4] shows the last input growing, and near 0 after a key was pressed', async (context) => {
  requirePrograms(context, 'Xvfb');
  server = await startXServer();
  await server.pressKey();
  fixture.startAgent(['--interval-ms', '1000'], { DISPLAY: server.display });
  const { lastInputSeconds: startSeconds = 0 } = await listed((row) => row.lastInputSeconds !== undefined);
  const later = await listed((row) => (row.lastInputSeconds ?? 0) >= startSeconds + 4);
  expect(later).toMatchObject({ mode: 'node', reason: 'periodic', roles: ['node'] });
  await server.pressKey();
  await listed(({ lastInputSeconds = Number.POSITIVE_INFINITY }) => lastInputSeconds <= 2);
});

/** The first row of the agent that matches, from `rollcall list --json`, repeated. */
async function listed(isWanted: (row: PresenceEntry) => boolean): Promise<PresenceEntry> {
  for (;;) {
    const { stdout } = await runRollcall(['list', '--json'], fixture.env);
    const rows: PresenceEntry[] = JSON.parse(stdout);
    const found = rows.find((row) => row.mode === 'node' && isWanted(row));
    if (found !== undefined) return found;
  }
}

it('reports no input with --no-input', async (context) => {
  requirePrograms(context, 'Xvfb');
  server = await startXServer();
  fixture.startAgent(['--interval-ms', '1000', '--no-input'], { DISPLAY: server.display });
  const row = await fixture.row(({ reason }) => reason === 'periodic');
  expect([row.lastInputSeconds, row.tags]).toEqual([undefined, undefined]);
});

it('continues when the X server ends', async (context) => {
  requirePrograms(context, 'Xvfb');
  server = await startXServer();
  const agent = fixture.startAgent(['--interval-ms', '1000'], { DISPLAY: server.display });
  await fixture.row(({ lastInputSeconds }) => lastInputSeconds !== undefined);
  await server.close();
  server = undefined;
  const { ts } = await fixture.row(({ reason }) => reason === 'periodic');
  await fixture.row((row) => row.ts > ts + 2000);
  agent.kill('SIGTERM');
  expect((await agent.ended).stderr).toMatch(/last input .*x11 \(X display :\d+/);
});
