import { afterAll, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import type { InstanceView } from '../../src/core/index.ts';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { eventually } from '../harness/eventually.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import { skipNote } from '../harness/required-program.ts';
import { createOpenClawHome, installOpenClaw, type OpenClawHome, type OpenClawProcess } from './openclaw.ts';

assertEveryFrame();

const secret = 'secret-of-the-test';
let missing: string | undefined;
let rollcall: Gateway;
let port: number;
let home: OpenClawHome;
const nodes: OpenClawProcess[] = [];

beforeAll(async () => {
  missing = installOpenClaw();
  if (missing !== undefined) return;
  rollcall = createGateway({ port: 0, auth: { mode: 'token', token: secret } });
  ({ port } = await rollcall.start());
  home = await createOpenClawHome('client', { OPENCLAW_GATEWAY_TOKEN: secret });
});

afterAll(async () => {
  for (const node of nodes) await node.kill();
  await rollcall?.close();
  home?.remove();
});

beforeEach((context: TestContext) => {
  if (missing !== undefined) context.skip(skipNote(missing));
});

/** One command of OpenClaw against Rollcall; its answer. */
async function ask<T>(...command: readonly string[]): Promise<T> {
  const target = ['--url', `ws://127.0.0.1:${port}`, '--token', secret, '--json'];
  return JSON.parse(await home.run(...command, ...target)) as T;
}

async function rows(): Promise<readonly InstanceView[]> {
  const headers = { Authorization: `Bearer ${secret}` };
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/presence`, { headers });
  return ((await response.json()) as { instances: InstanceView[] }).instances;
}

async function nodeRow(): Promise<InstanceView | undefined> {
  return (await rows()).find(({ mode }) => mode === 'node');
}

describe('the real OpenClaw command and node with Rollcall as their gateway', () => {
  it('[PW3] [PR2] [PR4] system presence lists the gateway, and not the command itself', async () => {
    const listed = await ask<readonly InstanceView[]>('system', 'presence');
    expect(listed).toMatchObject([{ mode: 'gateway', reason: 'self' }]);
    expect(await rows()).toHaveLength(1);
  });

  it('[PW4] [PR6] gateway call stores a beacon and reads it back', async () => {
    const beacon = JSON.stringify({ text: 'Node: Forge (192.168.1.9)', instanceId: 'forge', mode: 'ui' });
    await ask('gateway', 'call', 'system-event', '--params', beacon);
    const listed = await ask<readonly InstanceView[]>('gateway', 'call', 'system-presence');
    expect(listed).toMatchObject([
      { mode: 'gateway' },
      { instanceId: 'forge', host: 'Forge', ip: '192.168.1.9' },
    ]);
    expect(await ask('gateway', 'call', 'health')).toMatchObject({ ok: true });
  });

  it('[PR9] [PA3] node run is one row of a verified device with its load, and the cause of its end', async () => {
    const where = ['--host', '127.0.0.1', '--port', String(port)];
    const node = home.start('node', 'run', ...where, '--display-name', 'Attic');
    nodes.push(node);
    await eventually(async () => (await nodeRow())?.hostStats !== undefined);
    expect(await nodeRow()).toMatchObject({
      ...{ host: 'Attic', mode: 'node', roles: ['node'], connections: 1 },
      deviceId: expect.stringMatching(/^[0-9a-f]{64}$/),
      hostStats: { cpuCount: expect.any(Number) },
    });
    await node.kill();
    await eventually(async () => (await nodeRow())?.connections === 0);
    expect((await nodeRow())?.cause?.code).toMatch(/^(closed|connection-lost|reset)$/);
  });
});
