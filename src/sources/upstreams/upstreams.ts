import type { GatewayStatus } from './gateway-status.ts';
import { Upstream, type UpstreamDeps } from './upstream.ts';
import type { UpstreamConfig } from './upstream-config.ts';
import { problemOf } from './upstream-problem.ts';

/** What the upstreams of a gateway depend on. */
export interface UpstreamsOptions extends UpstreamDeps {
  /** InstanceId of this gateway's own row: a gateway is no upstream of itself (PU8). */
  readonly ownInstanceId: string;
  /** Name of this gateway beside those of its upstreams. */
  readonly ownName: string;
}

/**
 * The upstreams of a gateway, as configured now.
 *
 * Each works by itself: a failure of one does not affect another, but for two that turn out to be the same
 * gateway.
 */
export class Upstreams {
  readonly #options: UpstreamsOptions;
  /** By lower-case name, in the order of the configuration. */
  #upstreams = new Map<string, Upstream>();
  #identities = new Map<Upstream, string>();

  constructor(options: UpstreamsOptions) {
    this.#options = options;
  }

  /** Puts a configuration in force, which must have been checked: entries that are the same continue as they are. */
  apply(configs: readonly UpstreamConfig[]): void {
    const before = this.#upstreams;
    const after = new Map<string, Upstream>();
    for (const config of configs) {
      const key = config.name.toLowerCase();
      const known = before.get(key);
      if (known !== undefined && JSON.stringify(known.config) === JSON.stringify(config))
        after.set(key, known);
    }
    for (const [key, upstream] of before) if (after.get(key) !== upstream) this.#end(upstream);
    this.#upstreams = new Map();
    for (const config of configs) {
      const key = config.name.toLowerCase();
      this.#upstreams.set(key, after.get(key) ?? this.#begin(config));
    }
    this.#compare();
  }

  /** The status of every upstream, in the order of the configuration. */
  status(): readonly GatewayStatus[] {
    return [...this.#upstreams.values()].map((upstream) => upstream.status());
  }

  close(): void {
    for (const upstream of this.#upstreams.values()) upstream.close();
    this.#upstreams.clear();
    this.#identities.clear();
  }

  #begin(config: UpstreamConfig): Upstream {
    const upstream: Upstream = new Upstream({
      ...this.#options,
      config,
      onIdentity: (identity) => {
        if (this.#identities.get(upstream) === identity) return;
        this.#identities.set(upstream, identity);
        this.#compare();
      },
    });
    void upstream.start();
    return upstream;
  }

  #end(upstream: Upstream): void {
    this.#identities.delete(upstream);
    upstream.close();
  }

  /** Of two names of one gateway the first counts; a gateway does not read itself (PU8). */
  #compare(): void {
    const { ownInstanceId, ownName } = this.#options;
    const nameOf = new Map<string, string>();
    for (const upstream of this.#upstreams.values()) {
      const identity = this.#identities.get(upstream);
      const { name } = upstream.config;
      const first = identity === undefined ? undefined : nameOf.get(identity);
      if (name.toLowerCase() === ownName.toLowerCase())
        upstream.reject(
          problemOf(
            'NAME_TAKEN',
            `${name} is the name of this gateway`,
            'Choose another name for this upstream.',
          ),
        );
      else if (identity === ownInstanceId.toLowerCase())
        upstream.reject(
          problemOf('SELF', `${name} is this gateway itself`, `Remove it: rollcall upstream remove ${name}.`),
        );
      else if (first !== undefined)
        upstream.reject(
          problemOf(
            'SAME_GATEWAY',
            `${name} is the same gateway as ${first}`,
            `Remove one of the two: rollcall upstream remove ${name}.`,
          ),
        );
      else upstream.admit();
      if (identity !== undefined && first === undefined) nameOf.set(identity, name);
    }
  }
}
