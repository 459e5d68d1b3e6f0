import type { InstanceView } from './entry.ts';
import { RecencyList, type RecencyNode } from './recency-list.ts';

/**
 * Which rows of one upstream are kept: at most so many. Over it those without a live connection go first, the oldest of
 * them first; the row of the gateway itself goes last of all.
 */
export class UpstreamRows {
  readonly name: string;
  readonly maxRows: number;
  /** `gateways` of its rows, as far as it states them: its own name. */
  readonly gateways: readonly string[];
  readonly #quiet = new RecencyList<InstanceView>();
  readonly #live = new RecencyList<InstanceView>();
  readonly #gateway = new RecencyList<InstanceView>();
  readonly #places = new Map<string, RecencyNode<InstanceView>>();

  constructor(options: { readonly name: string; readonly maxRows: number }) {
    if (!Number.isSafeInteger(options.maxRows) || options.maxRows < 1)
      throw new TypeError(`maxRows must be a positive whole number, got ${options.maxRows}`);
    this.name = options.name;
    this.gateways = [options.name];
    this.maxRows = options.maxRows;
  }

  keys(): Iterable<string> {
    return this.#places.keys();
  }

  /** Notes that a row was written; returns the key of one that has to go for it, if any. */
  put(view: InstanceView): string | undefined {
    this.delete(view.key);
    const list = view.self === true ? this.#gateway : view.connections > 0 ? this.#live : this.#quiet;
    this.#places.set(view.key, list.insert(view, isNewer));
    if (this.#places.size <= this.maxRows) return undefined;
    const oldest = (this.#quiet.oldest ?? this.#live.oldest ?? this.#gateway.oldest)?.key;
    if (oldest !== undefined) this.delete(oldest);
    return oldest;
  }

  /**
   * Keys of rows that were last seen before a moment and that the upstream does not vouch for, whatever others state of them.
   *
   * @param withLive also those with a live connection.
   */
  seenBefore(ms: number, withLive: boolean): readonly string[] {
    const keys: string[] = [];
    for (const list of withLive ? [this.#quiet, this.#live] : [this.#quiet]) {
      for (let node = list.oldestNode; node !== undefined && node.value.ts < ms; node = node.newer)
        keys.push(node.value.key);
    }
    return keys;
  }

  /** When the oldest of the rows was seen that {@link seenBefore} looks at, milliseconds since the epoch. */
  oldestMs(withLive: boolean): number | undefined {
    const times = [this.#quiet.oldest?.ts, withLive ? this.#live.oldest?.ts : undefined];
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  delete(key: string): boolean {
    const node = this.#places.get(key);
    node?.list.remove(node);
    return this.#places.delete(key);
  }
}

function isNewer(a: InstanceView, b: InstanceView): boolean {
  return a.ts > b.ts;
}
