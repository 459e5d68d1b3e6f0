import type { Client } from './client.ts';
import type { Crowd } from './crowd.ts';
import type { Step } from './step.ts';

/**
 * Finds the moment at which every watcher knows every row.
 *
 * Scouts parse what they get and so find the version at which all rows are there; the others only compare versions.
 */
export class Completion {
  /** Resolves with the moment, by `performance.now()`. */
  readonly reached: Promise<number>;
  readonly #crowd: Crowd;
  readonly #rows: number;
  /** Rows that each scout was told of; in a storm none leaves. */
  readonly #told = new Map<Client, Set<number>>();
  #behind: Set<Client> | undefined;
  #version = Number.POSITIVE_INFINITY;
  #resolve: (atMs: number) => void = () => {};

  constructor(crowd: Crowd, rows: number) {
    this.#crowd = crowd;
    this.#rows = rows;
    this.reached = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** To be called with every client that got news, and what they were. */
  notice(client: Client, step: Step | undefined): void {
    if (!this.#behind) this.#lookForLastRow(client, step);
    else if (client.version >= this.#version) this.#behind.delete(client);
    if (this.#behind?.size === 0) this.#resolve(performance.now());
  }

  #lookForLastRow(client: Client, step: Step | undefined): void {
    if (!this.#crowd.scouts.has(client) || this.#count(client, step) < this.#rows) return;
    this.#version = client.version;
    const behind = this.#crowd.clients.filter(({ version }) => version < this.#version);
    this.#behind = new Set(behind);
  }

  /** How many rows of the benchmark a scout knows. */
  #count(scout: Client, step: Step | undefined): number {
    const told = this.#told.get(scout) ?? new Set();
    this.#told.set(scout, told);
    for (const { row } of step?.marks ?? []) told.add(row);
    return told.size;
  }
}

/** Resolves with the moment of the last news once there were none for a while; for servers that list only some. */
export function settled(crowd: Crowd, quietMs: number): Promise<number> {
  let lastAtMs = performance.now();
  crowd.onNews = () => {
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
