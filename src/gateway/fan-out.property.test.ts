import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewayFixture } from '../../test/harness/gateway-fixture.ts';
import type { PairClient } from '../../test/harness/pair-client.ts';
import { propertyRuns } from '../../test/harness/property-runs.ts';
import type { EventFrame } from '../../test/harness/wire-frame.ts';
import type { InstanceView, PresenceEntry } from '../core/index.ts';
import type { PresenceDelta, PresenceListResult } from '../protocol/index.ts';

type Step =
  | { readonly do: 'beacon'; readonly name: string; readonly reason: string }
  | { readonly do: 'join' | 'leave' | 'behind' | 'drain'; readonly who: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'end-turn' };

const who = fc.nat({ max: 3 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('beacon' as const),
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      reason: fc.constantFrom('launch', 'periodic', 'x'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('join', 'leave', 'behind', 'drain'), who }),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ do: 'end-turn' }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(1, 400, 25_000, 61_000, 300_001).map((ms): Step => ({ do: 'wait', ms })),
  },
);

/** A viewer that checks what it hears as it goes. */
interface Watcher {
  readonly client: PairClient;
  readonly kind: 'list' | 'delta';
  readonly rows: Map<string, InstanceView>;
  entries: readonly PresenceEntry[];
  version: number;
  heard: number;
  seq: number;
}

function hear(watcher: Watcher): void {
  const frames = watcher.client.received();
  for (const frame of frames.slice(watcher.heard)) if (frame.type === 'event') take(watcher, frame);
  watcher.heard = frames.length;
}

function take(watcher: Watcher, frame: EventFrame): void {
  if (frame.event === 'connect.challenge') return;
  watcher.seq += 1;
  expect(frame.seq).toBe(watcher.seq);
  if (frame.event === 'presence') takeList(watcher, frame);
  if (frame.event === 'presence.delta') takeDelta(watcher, frame);
}

function takeList(watcher: Watcher, frame: EventFrame): void {
  const version = frame.stateVersion?.presence ?? 0;
  expect(version).toBeGreaterThan(watcher.version);
  watcher.version = version;
  watcher.entries = (frame.payload as { presence: PresenceEntry[] }).presence;
}

function takeDelta(watcher: Watcher, frame: EventFrame): void {
  const delta = frame.payload as PresenceDelta;
  expect(frame.stateVersion?.presence).toBe(delta.to);
  // A viewer that joined or drained between two passes knows a part of the next delta already.
  expect(delta.from).toBeLessThanOrEqual(watcher.version);
  expect(delta.to).toBeGreaterThanOrEqual(watcher.version);
  if (delta.from === 0) watcher.rows.clear();
  for (const view of delta.upsert) watcher.rows.set(view.key, view);
  for (const key of delta.remove) watcher.rows.delete(key);
  watcher.version = delta.to;
}

/** Runs steps against a gateway with up to four viewers of both kinds; calls `check` for those up to date. */
function run(steps: readonly Step[], check: (watcher: Watcher, writer: PairClient) => void): void {
  const { connect, timers } = gatewayFixture({ maxEntries: 6 });
  const writer = connect({ client: { mode: 'cli' }, scopes: ['operator.admin'] });
  const watchers = new Map<number, Watcher>();
  const settle = (): void => {
    timers.runSoon();
    for (const watcher of watchers.values()) {
      hear(watcher);
      if (!watcher.client.transport.isBehind) check(watcher, writer);
    }
  };
  for (const step of steps) {
    switch (step.do) {
      case 'beacon':
        writer.call('system-event', { text: 'x', instanceId: step.name, reason: step.reason });
        break;
      case 'join':
        if (!watchers.has(step.who)) watchers.set(step.who, join(connect, step.who));
        break;
      case 'leave':
        watchers.get(step.who)?.client.close();
        watchers.delete(step.who);
        break;
      case 'behind': {
        const watcher = watchers.get(step.who);
        if (watcher !== undefined) watcher.client.transport.isBehind = true;
        break;
      }
      case 'drain':
        watchers.get(step.who)?.client.drain();
        break;
      case 'wait':
        timers.advance(step.ms);
        break;
      default:
        settle();
    }
    for (const watcher of watchers.values()) hear(watcher);
  }
  for (const watcher of watchers.values()) watcher.client.drain();
  timers.advance(1_000);
  settle();
}

function join(connect: ReturnType<typeof gatewayFixture>['connect'], who: number): Watcher {
  const kind = who % 2 === 0 ? 'list' : 'delta';
  const caps = kind === 'delta' ? ['presence-delta'] : [];
  const client = connect({ client: { instanceId: `viewer-${who}` }, caps });
  const hello = client.frames.find((frame) => frame.type === 'res');
  if (hello?.type !== 'res' || !hello.ok) throw new Error('no hello');
  const { snapshot } = hello.payload as {
    snapshot: { presence: PresenceEntry[]; stateVersion: { presence: number } };
  };
  const version = snapshot.stateVersion.presence;
  return { client, kind, rows: new Map(), entries: snapshot.presence, version, heard: 0, seq: 0 };
}

/** The self row is fresh at every reading (PR2), so its `ts` may differ. */
function withoutSelf<T extends { readonly mode?: string }>(rows: Iterable<T>): T[] {
  return [...rows].filter((row) => row.mode !== 'gateway');
}

describe('what viewers are told', () => {
  it('[PW7] [PL2] seq has no gap, versions increase, and who is not behind has seen the final state', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        run(steps, (watcher, writer) => {
          if (watcher.kind !== 'list') return;
          const now = writer.call<PresenceEntry[]>('system-presence');
          expect(withoutSelf(watcher.entries)).toEqual(withoutSelf(now));
        });
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PE3] [PE2] snapshot and deltas are presence.list at every version', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        run(steps, (watcher, writer) => {
          if (watcher.kind !== 'delta') return;
          const now = writer.call<PresenceListResult>('presence.list');
          expect(watcher.version).toBe(now.version);
          const byKey = new Map(withoutSelf(now.instances).map((view) => [view.key, view]));
          expect(new Map(withoutSelf(watcher.rows.values()).map((view) => [view.key, view]))).toEqual(byKey);
        });
      }),
      { numRuns: propertyRuns() },
    );
  });
});
