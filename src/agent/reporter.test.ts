import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/harness/manual-clock.ts';
import { ManualTimers } from '../../test/harness/manual-timers.ts';
import type { BeaconFields, BeaconResult, ClientState } from '../client/index.ts';
import type { HostStats } from '../core/entry.ts';
import type { GatewayLink } from './gateway-link.ts';
import { Reporter, type ReporterOptions } from './reporter.ts';

const connected: ClientState = {
  phase: 'connected',
  sinceMs: 0,
  connectionId: 'c1',
  serverVersion: '1.0.0',
  protocol: 4,
  role: 'node',
  scopes: [],
  feed: 'none',
};
const reconnecting: ClientState = {
  phase: 'reconnecting',
  sinceMs: 0,
  code: 'NETWORK',
  reason: 'lost',
  attempts: 1,
};
const stats: HostStats = { cpuCount: 2, memoryTotalBytes: 10, memoryFreeBytes: 5 };

class FakeLink implements GatewayLink {
  state: ClientState = { phase: 'idle', sinceMs: 0 };
  beacons: BeaconFields[] = [];
  requests: [string, unknown][] = [];
  eventAnswer: () => object = () => ({});
  answer: BeaconResult | Promise<BeaconResult> = { ok: true };
  stopped = false;
  #listener: () => void = () => undefined;

  start(): void {
    this.enter({ phase: 'connecting', sinceMs: 0 });
  }
  stop(): void {
    this.stopped = true;
  }
  subscribe(listener: () => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = () => undefined;
    };
  }
  async beacon(fields: BeaconFields = {}): Promise<BeaconResult> {
    this.beacons.push(fields);
    return this.answer;
  }
  async request<T>(method: string, params?: unknown): Promise<T> {
    this.requests.push([method, params]);
    return this.eventAnswer() as T;
  }
  enter(state: ClientState): void {
    this.state = state;
    this.#listener();
  }
}

let link: FakeLink;
let timers: ManualTimers;
let clock: ManualClock;
let warnings: string[];

beforeEach(() => {
  link = new FakeLink();
  clock = new ManualClock({ monoMs: 0, wallMs: 0 });
  timers = new ManualTimers(clock);
  warnings = [];
});

function reporter(other: Partial<ReporterOptions> = {}): Reporter {
  return new Reporter({
    link,
    timers,
    clock,
    log: { info: () => undefined, warn: (line) => warnings.push(line) },
    facts: () => ({ host: 'desk', ip: '192.0.2.7' }),
    ...other,
  });
}

async function tickUntil(ms: number, agent: Reporter): Promise<void> {
  await agent.settled();
  while (clock.monoMs < ms) {
    timers.advance(15_000);
    await agent.settled();
  }
}

function isActivity(params: unknown): boolean {
  return (params as { event: string }).event === 'node.presence.activity';
}

describe('Reporter', () => {
  it('reports launch, then every interval, with the seconds since the last input', async () => {
    const agent = reporter({ idleSeconds: async () => clock.monoMs / 1000 });
    agent.start();
    link.enter(connected);
    await tickUntil(60_000, agent);
    expect(link.beacons).toEqual([
      { host: 'desk', ip: '192.0.2.7', lastInputSeconds: 0, reason: 'launch' },
      { host: 'desk', ip: '192.0.2.7', lastInputSeconds: 60, reason: 'periodic' },
    ]);
  });

  it('reads no input when it may not report it, and clears what an earlier run reported', async () => {
    const agent = reporter();
    agent.start();
    link.enter(connected);
    await tickUntil(60_000, agent);
    expect(link.beacons[0]).toEqual({
      host: 'desk',
      ip: '192.0.2.7',
      clearLastInput: true,
      reason: 'launch',
    });
    expect(link.beacons[1]).toEqual({ host: 'desk', ip: '192.0.2.7', reason: 'periodic' });
  });

  it('[PF4] clears the last input when it becomes unknown', async () => {
    let seconds: number | undefined = 3;
    const agent = reporter({ idleSeconds: async () => seconds });
    agent.start();
    link.enter(connected);
    await agent.settled();
    seconds = undefined;
    await tickUntil(60_000, agent);
    expect(link.beacons[1]).toMatchObject({ clearLastInput: true, reason: 'periodic' });
  });

  it('[PR9] sends host stats of a node every minute', async () => {
    const agent = reporter({ hostStats: async () => stats });
    agent.start();
    link.enter(connected);
    await tickUntil(60_000, agent);
    expect(link.requests).toEqual([
      ['node.event', { event: 'node.host.stats', payload: stats }],
      ['node.event', { event: 'node.host.stats', payload: stats }],
    ]);
  });

  it('beacons at once when the connection is back', async () => {
    const agent = reporter();
    agent.start();
    link.enter(connected);
    link.enter(reconnecting);
    link.enter({ ...connected, connectionId: 'c2' });
    await agent.settled();
    expect(link.beacons.map(({ reason }) => reason)).toEqual(['launch', 'periodic']);
  });

  it('sends nothing on changes of the roster', async () => {
    const agent = reporter();
    agent.start();
    link.enter(connected);
    link.enter(connected);
    await agent.settled();
    expect(link.beacons).toHaveLength(1);
  });

  it('logs what was not accepted and continues', async () => {
    const agent = reporter();
    link.answer = { ok: false, code: 'UNAVAILABLE', message: 'rate limited', retryable: true };
    agent.start();
    link.enter(connected);
    await tickUntil(60_000, agent);
    expect(warnings[0]).toBe('the gateway did not take the beacon: rate limited');
    expect(link.beacons).toHaveLength(2);
  });

  it('[PR9] sends the last input by node events where the gateway accepts no beacons', async () => {
    const agent = reporter({ hostStats: async () => stats, idleSeconds: async () => clock.monoMs / 1000 });
    link.answer = {
      ok: false,
      code: 'INVALID_REQUEST',
      message: 'unauthorized role: node',
      retryable: false,
    };
    agent.start();
    link.enter(connected);
    await tickUntil(60_000, agent);
    expect(link.beacons).toHaveLength(1);
    expect(warnings).toEqual(['the gateway did not take the beacon: unauthorized role: node']);
    const activity = link.requests.map(([, params]) => params).filter(isActivity);
    expect(activity).toEqual([
      { event: 'node.presence.activity', payload: { idleSeconds: 0 } },
      { event: 'node.presence.activity', payload: { idleSeconds: 60 } },
    ]);
  });

  it('sends a beacon `disconnect` before it stops, without reading the input', async () => {
    const agent = reporter({ idleSeconds: async () => 1 });
    agent.start();
    link.enter(connected);
    await agent.close();
    expect(link.beacons.at(-1)).toEqual({ host: 'desk', ip: '192.0.2.7', reason: 'disconnect' });
    expect(link.stopped).toBe(true);
    expect(timers.waiting).toBe(0);
  });

  it('does not wait for a gateway that never answers', async () => {
    const agent = reporter();
    agent.start();
    link.enter(connected);
    await agent.settled();
    link.answer = new Promise(() => undefined);
    const closed = agent.close();
    timers.advance(2_000);
    await closed;
    expect(link.stopped).toBe(true);
  });

  it.each([0, 999, 1500.5, Number.NaN])('refuses the interval %s', (beaconIntervalMs) => {
    expect(() => reporter({ beaconIntervalMs })).toThrow(TypeError);
  });
});

describe('Reporter to an OpenClaw gateway', () => {
  const openClaw: ClientState = { ...connected, methods: ['node.event', 'system-event'] };
  const node = { hostStats: async () => stats, idleSeconds: async () => 7 };

  it('[PU15] sends no beacon as a node, but events', async () => {
    const agent = reporter(node);
    agent.start();
    link.enter(openClaw);
    await agent.settled();
    expect(link.beacons).toEqual([]);
    expect(link.requests.map(([, params]) => (params as { event: string }).event)).toEqual([
      'node.presence.activity',
      'node.host.stats',
    ]);
  });

  it('[PU15] logs once what is not accepted, with the command that corrects it, and once that it is accepted again', async () => {
    let answer: object = { ok: true, handled: false, reason: 'permission_required' };
    link.eventAnswer = () => answer;
    const agent = reporter(node);
    agent.start();
    link.enter(openClaw);
    await tickUntil(180_000, agent);
    const refusals = warnings.filter((line) => line.includes('node.presence.activity'));
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toContain('openclaw nodes approve');
    answer = { ok: true, handled: true, reason: 'updated' };
    await tickUntil(300_000, agent);
    expect(warnings.filter((line) => line.includes('node.presence.activity'))).toHaveLength(1);
  });

  it('[PU15] logs once how to approve a node that is not approved yet', async () => {
    link.eventAnswer = () => {
      throw Object.assign(new Error('changed'), { details: { code: 'PAIRING_CHANGED' } });
    };
    const agent = reporter(node);
    agent.start();
    link.enter(openClaw);
    await tickUntil(180_000, agent);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('openclaw nodes pending');
  });
});
