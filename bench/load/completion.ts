import type { Client } from './client.ts';
import type { ClientGroup } from './client-group.ts';
import type { Step } from './step.ts';

/**
 * Finds the moment at which every watcher has every row.
 *
 * Samplers parse what they receive and find the version at which all rows are present; the others only compare versions.
 */
export class Completion {
  /** Resolves with the moment, by `performance.now()`. */
  readonly reached: Promise<number>;
  readonly #group: ClientGroup;
  readonly #rows: number;
  /** Rows that each sampler received; in a storm none leaves. */
  readonly #rowsOf = new Map<Client, Set<number>>();
  #behind: Set<Client> | undefined;
  #version = Number.POSITIVE_INFINITY;
  #resolve: (atMs: number) => void = () => {};

  constructor(group: ClientGroup, rows: number) {
    this.#group = group;
    this.#rows = rows;
    this.reached = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** To be called with every client that received a newer state, and which. */
  notice(client: Client, step: Step | undefined): void {
    if (!this.#behind) this.#lookForLastRow(client, step);
    else if (client.version >= this.#version) this.#behind.delete(client);
    if (this.#behind?.size === 0) this.#resolve(performance.now());
  }

  #lookForLastRow(client: Client, step: Step | undefined): void {
    if (!this.#group.samplers.has(client) || this.#count(client, step) < this.#rows) return;
    this.#version = client.version;
    const behind = this.#group.clients.filter(({ version }) => version < this.#version);
    this.#behind = new Set(behind);
  }

  /** How many rows of the benchmark a sampler has. */
  #count(sampler: Client, step: Step | undefined): number {
    const rows = this.#rowsOf.get(sampler) ?? new Set();
    this.#rowsOf.set(sampler, rows);
    for (const { row } of step?.marks ?? []) rows.add(row);
    return rows.size;
  }
}

/** Resolves with the moment of the last step after a pause without any; for servers that list only some rows. */
export function settled(group: ClientGroup, quietMs: number): Promise<number> {
  let lastAtMs = performance.now();
  group.onStep = () => {
    lastAtMs = performance.now();
  };
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (performance.now() - lastAtMs < quietMs) return;
      clearInterval(timer);
      resolve(lastAtMs);
    }, 50);
  });
}
