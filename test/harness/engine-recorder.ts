import type { Contribution, InstanceView, MemberId } from '../../src/core/index.ts';
import type {
  Engine,
  EngineTime,
  MemberRecord,
  Publication,
  Snapshot,
} from '../../src/sources/cluster/index.ts';

/** A member without a gateway that records the events of an engine. */
export class EngineRecorder {
  readonly engine: Engine;
  readonly snapshots: { readonly snapshot: Snapshot; readonly time: EngineTime }[] = [];
  readonly messages: Publication[] = [];
  readonly disconnects: string[] = [];
  #waiting: (() => void)[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
    const note = <T>(list: T[], value: T): void => {
      list.push(value);
      for (const check of this.#waiting.splice(0)) check();
    };
    engine.start({
      snapshot: (snapshot, time) => note(this.snapshots, { snapshot, time }),
      message: (publication) => note(this.messages, publication),
      disconnected: (reason) => note(this.disconnects, reason),
    });
  }

  /** Waits until something holds; the limit is that of the test. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The latest snapshot; waits for the first. */
  async snapshot(): Promise<Snapshot> {
    await this.until(() => this.snapshots.length > 0);
    return this.snapshots[this.snapshots.length - 1]?.snapshot ?? { records: [], contributions: [] };
  }

  /** Every contribution received, in order. */
  contributions(): readonly Contribution[] {
    return this.messages.flatMap(({ contributions }) => contributions);
  }

  records(): readonly MemberRecord[] {
    return this.messages.flatMap(({ record }) => (record === undefined ? [] : [record]));
  }
}

/** A contribution of a member. */
export function contribution(
  memberId: MemberId,
  key: string,
  ms: number,
  facts: Partial<InstanceView> = {},
): Contribution {
  const stamp = { ms, counter: 0, memberId };
  return {
    memberId,
    key,
    stamp,
    view: { key, ts: ms, connections: 1, firstSeenAtMs: ms, sources: {}, ...facts },
  };
}

/** A tombstone of a member. */
export function tombstone(memberId: MemberId, key: string, ms: number): Contribution {
  return { memberId, key, stamp: { ms, counter: 0, memberId } };
}

/** The register of a member's own state. */
export function memberRecord(memberId: MemberId, saidAtMs: number): MemberRecord {
  const asOf = { ms: saidAtMs, counter: 0, memberId };
  return { memberId, host: 'vm', pid: 1, startedAtMs: 1, saidAtMs, state: 'live', asOf };
}
