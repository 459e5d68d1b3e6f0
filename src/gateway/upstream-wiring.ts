import type { Clock, Instant, Logger, Roster, Timers } from '../core/index.ts';
import type { GatewayStatus, MemberWriter, UpstreamConfig, Upstreams } from '../sources/upstreams/index.ts';
import { joinUpstreams, readUpstreamsFile } from '../sources/upstreams/upstreams-file.ts';
import type { PresenceWriter } from './presence/presence.ts';
import { FileWatch } from './time/file-watch.ts';
import type { PeriodicTask } from './time/schedule.ts';

/** What the upstreams of a gateway depend on. */
export interface UpstreamWiringOptions {
  readonly upstreams: readonly UpstreamConfig[];
  /** File of `rollcall upstream add`, followed while the gateway runs. */
  readonly upstreamsFile: string | undefined;
  readonly roster: Roster;
  readonly writer: PresenceWriter;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly version: string;
  readonly newId: () => string;
  readonly instanceId: string;
  /** Name of this gateway among others. */
  readonly ownName: string;
  readonly ttlMs: number;
  readonly maxEntries: number;
}

/**
 * The upstreams of a gateway: those of its options and, behind them, those that `rollcall upstream add` keeps.
 *
 * The code that reads them is loaded when there is one: a gateway without upstreams does not load it.
 */
export class UpstreamWiring implements PeriodicTask {
  readonly #options: UpstreamWiringOptions;
  #configured: readonly UpstreamConfig[];
  #kept: readonly UpstreamConfig[] = [];
  #watch: FileWatch | undefined;
  #upstreams: Promise<Upstreams> | undefined;
  #loaded: Upstreams | undefined;
  #isClosed = false;

  constructor(options: UpstreamWiringOptions) {
    this.#options = options;
    this.#configured = options.upstreams;
  }

  /** Starts reading. Resolves when every link was begun, which does not wait for an answer. */
  async start(): Promise<void> {
    const { upstreamsFile } = this.#options;
    if (upstreamsFile !== undefined) {
      this.#watch = new FileWatch([upstreamsFile], () => this.#reload(upstreamsFile));
      this.#reload(upstreamsFile);
    }
    await this.#apply();
  }

  run(now: Instant): number | undefined {
    return this.#watch?.run(now);
  }

  /** Replaces the upstreams of the options, which must have been checked. */
  set(upstreams: readonly UpstreamConfig[]): void {
    this.#configured = upstreams;
    void this.#apply();
  }

  /** The upstreams in force: those of the configuration, then those of the file. */
  get configs(): readonly UpstreamConfig[] {
    return joinUpstreams(this.#configured, this.#kept);
  }

  /** The status of every upstream. */
  status(): readonly GatewayStatus[] {
    return this.#loaded?.status() ?? [];
  }

  close(): void {
    this.#isClosed = true;
    this.#loaded?.close();
  }

  /** A file that cannot be used leaves the upstreams in force as they were. */
  #reload(file: string): void {
    const { logger } = this.#options;
    try {
      this.#kept = readUpstreamsFile(file);
      void this.#apply();
    } catch (error) {
      logger.error({ file, problem: (error as Error).message }, 'upstreams stay as they were');
    }
  }

  async #apply(): Promise<void> {
    const wanted = joinUpstreams(this.#configured, this.#kept);
    if (wanted.length === 0 && this.#upstreams === undefined) return;
    this.#upstreams ??= this.#load();
    const upstreams = await this.#upstreams;
    if (!this.#isClosed) upstreams.apply(joinUpstreams(this.#configured, this.#kept));
  }

  async #load(): Promise<Upstreams> {
    const { Upstreams: Source } = await import('../sources/upstreams/index.ts');
    const { roster, writer, instanceId, maxEntries } = this.#options;
    this.#loaded = new Source({
      ...this.#options,
      ownInstanceId: instanceId,
      maxRows: maxEntries,
      members: memberWriter(roster, writer),
      random: Math.random,
    });
    return this.#loaded;
  }
}

function memberWriter(roster: Roster, writer: PresenceWriter): MemberWriter {
  return {
    addMember: (member) => writer.replicate((now) => roster.addMember(member, now)),
    writeMember: (id, changes) => writer.replicate((now) => roster.writeMember(id, changes, now)),
    setMemberStatus: (id, status) => writer.replicate((now) => roster.setMemberStatus(id, status, now)),
    removeMember: (id) => writer.replicate((now) => roster.removeMember(id, now)),
  };
}
