import type { Change } from '../../core/index.ts';

/** A number per word, for words from a small fixed set. */
export type Tally = ReadonlyMap<string, number>;

/** What happened since the gateway started, for metrics. */
export class GatewayCounts {
  /** Visible changes by kind, and of each kind by trigger. */
  readonly changes: Readonly<Record<Change['kind'], Map<string, number>>> = {
    upsert: new Map(),
    remove: new Map(),
  };
  /** Refused handshakes by code. */
  readonly refusals: Map<string, number> = new Map();
  /** Connections that were closed for reading too slowly (PL2). */
  slowConsumers = 0;

  changed(changes: readonly Change[]): void {
    for (const { kind, trigger } of changes) count(this.changes[kind], trigger);
  }

  refused(code: string): void {
    count(this.refusals, code);
  }
}

function count(tally: Map<string, number>, word: string): void {
  tally.set(word, (tally.get(word) ?? 0) + 1);
}
