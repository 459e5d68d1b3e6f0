import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPresenceClient, type Instance, type PresenceClient } from '../../src/client/index.ts';
import { wsSocket } from '../../src/client/node/index.ts';
import type { NamedToken } from '../../src/gateway/access/named-token.ts';
import { tokensFileText } from '../../src/gateway/access/tokens-file.ts';
import { createGateway, type Gateway } from '../../src/gateway/index.ts';
import { assertEveryFrame } from '../harness/frame-recorder.ts';
import {
  type CommandHome,
  createCommandHome,
  type RollcallProcess,
  startRollcall,
} from '../harness/rollcall-process.ts';
import { until } from '../harness/until.ts';
import { WireClient } from '../harness/wire-client.ts';

assertEveryFrame();

const token = 'secret-of-the-test';
const secret = 'another-secret-of-the-test';
const named: NamedToken = {
  name: 'wall',
  tokenHash: createHash('sha256').update(secret).digest('hex'),
  roles: ['operator'],
  scopes: ['operator.read'],
};

let home: CommandHome;
let gateway: Gateway;
let url: string;
let viewer: PresenceClient;
const endings: (() => unknown)[] = [];

/** Short ping intervals, so that a client that does not answer is detected at once. */
const quick = { pingIntervalMs: 300, renewalMs: 300, ttlMs: 60_000 };

async function start(options: Partial<Parameters<typeof createGateway>[0]> = {}): Promise<void> {
  gateway = createGateway({ port: 0, auth: { mode: 'token', token }, ...quick, ...options });
  ({ url } = await gateway.start());
  viewer = createPresenceClient({ url, token, client: { mode: 'cli' }, createSocket: wsSocket() });
  viewer.start();
}

beforeEach(() => {
  home = createCommandHome();
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  viewer.stop();
  await gateway.close();
  home.remove();
});

/** Waits for a row that matches; the time limit is that of the test. */
async function row(isWanted: (row: Instance) => boolean): Promise<Instance> {
  const find = (): Instance | undefined =>
    viewer.roster.instances.find((instance) => instance.self !== true && isWanted(instance));
  await until(viewer, () => find() !== undefined);
  return find() as Instance;
}

const caused = (code: string): Promise<Instance> => row(({ cause }) => cause?.code === code);

function agent(...flags: readonly string[]): RollcallProcess {
  const child = startRollcall(['agent', ...flags], { ...home.env, ROLLCALL_URL: url, ROLLCALL_TOKEN: token });
  endings.push(async () => {
    child.kill('SIGKILL');
    await child.ended;
  });
  return child;
}

async function client(credential = token): Promise<WireClient> {
  const dialled = new WireClient(url);
  endings.push(() => dialled.socket.terminate());
  await dialled.connect({
    auth: { token: credential },
    client: { instanceId: 'someone' },
    scopes: ['operator.read'],
  });
  await row(({ key }) => key === 'someone');
  return dialled;
}

describe('causes of real events', () => {
  it('[PJ1] close 1000 and 1001, with the reason that the client gave', async () => {
    await start();
    const first = await client();
    first.socket.close(1000, 'bye');
    expect(await caused('closed')).toMatchObject({ cause: { evidence: 'code 1000, reason "bye"' } });
    const second = await client();
    expect((await caused('reconnected')).cause?.evidence).toMatch(/^after \d+ s$/);
    second.socket.close(1001);
    await row(({ cause }) => cause?.evidence === 'code 1001');
  });

  it('[PJ1] kill -9 of a client is a reset, SIGTERM of an agent its `disconnect`', async () => {
    await start();
    const first = agent();
    await row(({ reason }) => reason === 'launch');
    first.kill('SIGKILL');
    expect(await caused('reset')).toMatchObject({ connections: 0 });
    const second = agent();
    await caused('reconnected');
    await row(({ reason }) => reason === 'launch');
    second.kill('SIGTERM');
    expect((await caused('shut-down')).cause?.evidence).toBe('it said goodbye');
  });

  it('[PJ1] a suspended agent is lost, and after it is resumed it reports that it slept', async () => {
    await start();
    const suspended = agent('--interval-ms', '1000');
    await row(({ reason }) => reason === 'launch');
    suspended.kill('SIGSTOP');
    const lost = await caused('connection-lost');
    expect(lost.cause?.evidence).toMatch(/^no answer to pings since \d{4}-\d\d-\d\dT/);
    // What an agent takes for sleep is a gap of more than 30 s between two of its timers.
    await delay(33_000);
    suspended.kill('SIGCONT');
    expect((await caused('woke')).cause?.evidence).toBe('its agent says that it slept');
  });

  it('[PJ1] a revoked token', async () => {
    const file = join(home.folder, 'tokens.json');
    const write = (tokens: readonly NamedToken[]): void =>
      writeFileSync(file, tokensFileText(tokens), { mode: 0o600 });
    write([named]);
    await start({ tokensFile: file });
    await client(secret);
    write([]);
    await caused('revoked');
  });

  it('[PJ1] a full roster: the delta contains why a row was removed', async () => {
    await start({ maxEntries: 2 });
    await client();
    const writer = new WireClient(url);
    endings.push(() => writer.socket.terminate());
    const caps = ['presence-delta'];
    await writer.connect({ auth: { token }, client: { mode: 'cli' }, scopes: ['operator.admin'], caps });
    // Its first delta is the whole list, which has no causes.
    await writer.event('presence.delta');
    await writer.call('system-event', { text: 'x', instanceId: 'newcomer' });
    const { payload } = await writer.event(
      'presence.delta',
      (event) => 'causes' in (event.payload as object),
    );
    expect(payload).toMatchObject({
      remove: ['newcomer'],
      causes: { newcomer: { code: 'evicted', evidence: expect.stringContaining('full') } },
    });
  });
});
