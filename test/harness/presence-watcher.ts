import { expect } from 'vitest';
import type { InstanceView, PresenceEntry } from '../../src/core/index.ts';
import type { HelloOk, PresenceDelta } from '../../src/protocol/index.ts';
import type { PairClient } from './pair-client.ts';
import type { EventFrame } from './wire-frame.ts';

/** What a watcher receives: whole lists, or deltas (PE2). */
export type WatcherKind = 'list' | 'delta';

/**
 * A client that applies what it receives, by the rules of docs/protocol.md, and checks the order of events:
 * `seq` has no gap, versions never go back, no delta is missing (PW7, PE3).
 */
export class PresenceWatcher {
  readonly client: PairClient;
  readonly kind: WatcherKind;
  version: number;
  #entries: readonly PresenceEntry[];
  readonly #rows = new Map<string, InstanceView>();
  #heard = 0;
  #seq = 0;

  /** `client` has been challenged and no more. */
  constructor(client: PairClient, kind: WatcherKind, instanceId: string) {
    this.client = client;
    this.kind = kind;
    const caps = kind === 'delta' ? ['presence-delta'] : [];
    const { snapshot }: HelloOk = client.connect({ client: { instanceId }, caps });
    this.version = snapshot.stateVersion.presence;
    this.#entries = snapshot.presence;
  }

  /** Rows of the last list, without the gateway's own, which is fresh at every reading (PR2). */
  get entries(): readonly PresenceEntry[] {
    return withoutSelf(this.#entries);
  }

  /** Rows that the deltas make, by key, without the gateway's own. */
  get rows(): ReadonlyMap<string, InstanceView> {
    return byKey(this.#rows.values());
  }

  /** Applies what was sent since the last call. */
  hear(): void {
    const frames = this.client.received();
    for (const frame of frames.slice(this.#heard)) {
      if (frame.type === 'event' && frame.event !== 'connect.challenge') this.#take(frame);
    }
    this.#heard = frames.length;
  }

  #take(frame: EventFrame): void {
    this.#seq += 1;
    expect(frame.seq).toBe(this.#seq);
    if (frame.event === 'presence') this.#takeList(frame);
    if (frame.event === 'presence.delta') this.#takeDelta(frame.payload as PresenceDelta, frame);
  }

  #takeList(frame: EventFrame): void {
    const version = frame.stateVersion?.presence ?? 0;
    expect(version).toBeGreaterThan(this.version);
    this.version = version;
    this.#entries = (frame.payload as { presence: PresenceEntry[] }).presence;
  }

  #takeDelta(delta: PresenceDelta, frame: EventFrame): void {
    expect(frame.stateVersion?.presence).toBe(delta.to);
    // A subscriber that joined or drained between two flushes has a part of the next delta already.
    expect(delta.from).toBeLessThanOrEqual(this.version);
    expect(delta.to).toBeGreaterThanOrEqual(this.version);
    if (delta.from === 0) this.#rows.clear();
    for (const key of delta.remove) this.#rows.delete(key);
    for (const view of delta.upsert) this.#rows.set(view.key, view);
    this.version = delta.to;
  }
}

/** Rows without that of the gateway itself. */
export function withoutSelf<T extends PresenceEntry>(rows: Iterable<T>): T[] {
  return [...rows].filter((row) => row.mode !== 'gateway');
}

/** Views by key, without that of the gateway itself. */
export function byKey(views: Iterable<InstanceView>): ReadonlyMap<string, InstanceView> {
  return new Map(withoutSelf(views).map((view) => [view.key, view]));
}
