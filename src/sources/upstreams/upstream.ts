import type { Clock, HostStats, InstanceView, Logger, Timers } from '../../core/index.ts';
import { readTextFile } from '../../host/index.ts';
import type { GatewayStatus } from './gateway-status.ts';
import { readHostStats, readWord, recordOf } from './listed-entry.ts';
import type { MemberWriter } from './member-writer.ts';
import { RollcallList } from './rollcall-list.ts';
import type { UpstreamConfig } from './upstream-config.ts';
import { type LinkState, UpstreamLink } from './upstream-link.ts';
import { UpstreamList } from './upstream-list.ts';
import { problemOf, type UpstreamProblem } from './upstream-problem.ts';

/** Dependencies that all upstreams of a gateway share. */
export interface UpstreamDeps {
  readonly members: MemberWriter;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: () => number;
  readonly logger: Logger;
  /** Version of this program. */
  readonly version: string;
  /** Creates our id at an upstream. */
  readonly newId: () => string;
  readonly ttlMs: number;
  /** Most rows of one upstream. */
  readonly maxRows: number;
}

/** What an upstream depends on. */
export interface UpstreamOptions extends UpstreamDeps {
  readonly config: UpstreamConfig;
  /** Called with the identity of the upstream; returns what is wrong with it, if anything. */
  onIdentity(identity: string): void;
}

/** Longest time between two readings of the whole list; up to three tenths less by chance, so that upstreams take turns. */
const listMs = 30_000;
/** Time until the list is read when an event names a node that is not listed. */
const unlistedMs = 1_000;
/** Least time between two readings of which the later one is due to such an event. */
const unlistedApartMs = 10_000;
/** Changes that arrive within this time are published together. */
const gatherMs = 40;
/** After a restart, how long rows that are not listed yet are expected back. */
const graceMs = 12_000;

/**
 * One upstream: keeps the link, reads what is there, and writes what changed to the roster.
 *
 * Works by itself from `start` to `close`; its work is bounded by the link's rate limit and `maxRows`.
 */
export class Upstream {
  readonly config: UpstreamConfig;
  readonly #options: UpstreamOptions;
  readonly #link: UpstreamLink;
  readonly #ownIds: ReadonlySet<string>;
  #list: UpstreamList | RollcallList;
  #run: string | undefined;
  #hostStats: HostStats | undefined;
  /** Rows of the former run that are expected back, with the moment until then. */
  readonly #missing = new Map<string, number>();
  /** Everything was read at least once on this connection. */
  #isRead = false;
  #isMember = false;
  #isFlushDue = false;
  #state: LinkState['kind'] = 'connecting';
  #sinceMs: number;
  #lostAtMs = 0;
  #identity: string | undefined;
  #version: string | undefined;
  #rejected: UpstreamProblem | undefined;
  #problem: UpstreamProblem | undefined;
  /** Counts connections: answers of a former one are ignored. */
  #connection = 0;
  /** When everything was read last and is read next, by the monotonic clock. */
  #readMonoMs = Number.NEGATIVE_INFINITY;
  #nextReadMonoMs = Number.NEGATIVE_INFINITY;
  #cancelPoll: () => void = () => {};
  #cancelExpiry: () => void = () => {};
  #isClosed = false;

  constructor(options: UpstreamOptions) {
    this.config = options.config;
    this.#options = options;
    this.#sinceMs = this.#nowMs();
    const instanceId = options.newId();
    this.#ownIds = new Set([instanceId.toLowerCase()]);
    this.#list = new UpstreamList({ ...this.#listOptions(), ttlMs: options.ttlMs });
    this.#link = new UpstreamLink({
      ...options,
      instanceId,
      onState: (state) => this.#follow(state),
      onEvent: (event, payload) => this.#receive(event, payload),
      onGap: () => this.#readAgain(),
    });
  }

  /** Its identity: the same under every address (PU8). */
  get identity(): string | undefined {
    return this.#identity;
  }

  async start(): Promise<void> {
    const { ca } = this.config;
    if (ca !== undefined) {
      try {
        this.#link.setAuthority(readTextFile(ca));
      } catch (error) {
        this.#problem = problemOf('SECRET_FILE', `cannot read ${ca}: ${(error as Error).message}`);
      }
    }
    if (!this.#isClosed) this.#link.start();
  }

  /** Ends the link. Its rows go with `removeMember`, or stay until then. */
  close(): void {
    this.#isClosed = true;
    this.#cancelPoll();
    this.#cancelExpiry();
    this.#link.close();
    this.#leave();
  }

  /** Stops reading rows because the upstream is this gateway, or one that is read already. */
  reject(problem: UpstreamProblem): void {
    if (this.#rejected?.code === problem.code) return;
    this.#rejected = problem;
    this.#sinceMs = this.#nowMs();
    this.#options.logger.warn({ upstream: this.config.name, ...problem }, 'an upstream is not read');
    this.#leave();
  }

  /** Reads its rows again. */
  admit(): void {
    if (this.#rejected === undefined) return;
    this.#rejected = undefined;
    this.#sinceMs = this.#nowMs();
    this.#flushSoon();
  }

  status(): GatewayStatus {
    const { lastHeardAtMs, latencyMs } = this.#link;
    const problem = this.#rejected ?? this.#shownProblem();
    return {
      name: this.config.name,
      url: this.config.url,
      kind: 'upstream',
      state: this.#rejected === undefined ? this.#link.state.kind : 'refused',
      sinceMs: this.#sinceMs,
      ...(lastHeardAtMs !== undefined && { lastHeardAtMs }),
      ...(this.#version !== undefined && { version: this.#version }),
      ...(latencyMs !== undefined && this.#link.state.kind === 'up' && { latencyMs }),
      rows: this.#isMember ? this.#list.published.size : 0,
      ...(problem !== undefined && { problem }),
    };
  }

  #shownProblem(): UpstreamProblem | undefined {
    const { state } = this.#link;
    if (state.kind === 'up')
      return this.#link.isFlooding ? problemOf('FLOODING', 'more arrives than is read') : undefined;
    return state.kind === 'connecting' ? this.#problem : state.problem;
  }

  #listOptions() {
    const { maxRows } = this.#options;
    return { name: this.config.name, maxRows, ownIds: this.#ownIds };
  }

  #nowMs(): number {
    return Math.round(this.#options.clock.now().wallMs);
  }

  #follow(state: LinkState): void {
    const known = this.#state;
    this.#state = state.kind;
    this.#connection += 1;
    this.#cancelPoll();
    if (known !== state.kind) {
      this.#sinceMs = this.#nowMs();
      this.#log(state);
    }
    if (state.kind === 'up') this.#greet(state);
    else this.#lose(known, state.kind === 'restarting' ? 'restarting' : 'unreachable');
  }

  #log(state: LinkState): void {
    const { logger } = this.#options;
    const upstream = this.config.name;
    if (state.kind === 'up') logger.info({ upstream, version: state.hello.version }, 'an upstream is read');
    else if ('problem' in state)
      logger.warn({ upstream, state: state.kind, ...state.problem }, 'an upstream is not read');
  }

  #lose(known: LinkState['kind'], kind: 'restarting' | 'unreachable'): void {
    this.#isRead = false;
    if (this.#list instanceof RollcallList) this.#list.isWhole = false;
    this.#cancelExpiry();
    if (known === 'up') this.#lostAtMs = this.#nowMs();
    if (this.#isMember)
      this.#options.members.setMemberStatus(this.config.name, { kind, sinceMs: this.#lostAtMs });
  }

  #greet({ hello }: LinkState & { kind: 'up' }): void {
    this.#version = hello.version;
    const isRollcall = this.#list instanceof RollcallList;
    if (hello.isRollcall !== isRollcall) this.#renewList(hello.isRollcall);
    void this.#read();
    if (!hello.isRollcall && this.#list instanceof UpstreamList) this.#list.takeEntries(hello.presence);
  }

  /** Another program answers at this address than before: what the former one listed is no part of this list. */
  #renewList(isRollcall: boolean): void {
    this.#leave();
    this.#list = isRollcall
      ? new RollcallList(this.#listOptions())
      : new UpstreamList({ ...this.#listOptions(), ttlMs: this.#options.ttlMs });
  }

  #readIn(delayMs: number): void {
    this.#cancelPoll();
    this.#nextReadMonoMs = this.#options.clock.now().monoMs + delayMs;
    this.#cancelPoll = this.#options.timers.after(delayMs, () => void this.#read());
  }

  /** Something happened at a node that is not listed: the list is older than the node (PU20). */
  #readUnlisted(): void {
    const { monoMs } = this.#options.clock.now();
    const atMonoMs = Math.max(monoMs + unlistedMs, this.#readMonoMs + unlistedApartMs);
    if (atMonoMs < this.#nextReadMonoMs) this.#readIn(atMonoMs - monoMs);
  }

  #readAgain(): void {
    if (this.#list instanceof RollcallList) this.#list.isWhole = false;
    if (this.#isRead) void this.#read();
  }

  /** Reads everything; what one method refuses is left out. */
  async #read(): Promise<void> {
    const connection = this.#connection;
    const list = this.#list;
    this.#readMonoMs = this.#options.clock.now().monoMs;
    this.#readIn(listMs * (0.7 + 0.3 * this.#options.random()));
    const isCurrent = (): boolean =>
      connection === this.#connection && list === this.#list && !this.#isClosed;
    await (list instanceof RollcallList
      ? this.#readRollcall(list, isCurrent)
      : this.#readOpenClaw(list, isCurrent));
    if (!isCurrent()) return;
    this.#isRead = true;
    this.#identify(list);
    this.#flush();
  }

  /** Deltas keep the rows; they are listed when a delta was lost. */
  async #readRollcall(list: RollcallList, isCurrent: () => boolean): Promise<void> {
    await this.#call('gateways.list', (answer) => isCurrent() && list.takeGateways(answer));
    if (isCurrent() && !list.isWhole)
      await this.#call('presence.list', (answer) => isCurrent() && list.takeList(answer));
  }

  /** Each answer is taken when it arrives: an event behind it is newer. */
  async #readOpenClaw(list: UpstreamList, isCurrent: () => boolean): Promise<void> {
    await Promise.all([
      this.#call('system-presence', (answer) => isCurrent() && list.takeEntries(answer)),
      this.#call('node.list', (answer) => isCurrent() && list.takeNodes(answer)),
      this.#call('system.info', (answer) => {
        if (isCurrent()) this.#hostStats = readHostStats(answer) ?? this.#hostStats;
      }),
      this.#call('gateway.identity.get', (answer) => {
        if (isCurrent()) this.#identity = readWord(recordOf(answer)?.['deviceId']) ?? this.#identity;
      }),
    ]);
  }

  /** Takes the answer of a method; nothing when the upstream does not serve it or refuses. */
  async #call(method: string, take: (answer: unknown) => void): Promise<void> {
    const { state } = this.#link;
    const served = state.kind === 'up' ? state.hello.methods : [];
    if (served.length > 0 && !served.includes(method)) return;
    await this.#link.request(method).then(take, () => undefined);
  }

  #identify({ selfInstanceId, selfVersion }: UpstreamList | RollcallList): void {
    this.#version = selfVersion ?? this.#version;
    if (selfInstanceId !== undefined && this.#run !== selfInstanceId) this.#restarted(selfInstanceId);
    const identity = this.#identity ?? selfInstanceId;
    if (identity === undefined) return;
    if (this.#list instanceof RollcallList) this.#identity = selfInstanceId;
    this.#options.onIdentity(identity.toLowerCase());
  }

  /** Its clients are reconnecting: rows that are missing now have not left yet (PU7). */
  #restarted(run: string): void {
    const isFirst = this.#run === undefined;
    this.#run = run;
    if (isFirst) return;
    const untilMs = this.#nowMs() + graceMs;
    for (const key of this.#list.published.keys()) this.#missing.set(key, untilMs);
  }

  #receive(event: string, payload: unknown): void {
    const list = this.#list;
    if (list instanceof RollcallList) {
      if (event !== 'presence.delta') return;
      if (list.takeDelta(payload)) this.#flushSoon();
      else this.#readAgain();
    } else if (event === 'presence') {
      if (list.takeEntries(recordOf(payload)?.['presence'])) this.#flushSoon();
    } else if (event === 'node.presence' || event === 'node.hostStats') {
      const outcome = list.takeNodeEvent(event, payload);
      if (outcome === 'taken') this.#flushSoon();
      else if (outcome === 'unlisted') this.#readUnlisted();
    }
  }

  #flushSoon(): void {
    if (this.#isFlushDue || !this.#isRead) return;
    this.#isFlushDue = true;
    this.#options.timers.after(gatherMs, () => {
      this.#isFlushDue = false;
      if (this.#isRead && !this.#isClosed) this.#flush();
    });
  }

  /** Writes what changed; the first time it joins the roster. */
  #flush(): void {
    if (this.#rejected !== undefined) return;
    const { members, maxRows } = this.#options;
    const { name } = this.config;
    const nowMs = this.#nowMs();
    if (!this.#isMember) {
      members.addMember({ id: name, kind: 'upstream', name, maxRows });
      this.#isMember = true;
    }
    for (const [key, untilMs] of this.#missing) if (nowMs >= untilMs) this.#missing.delete(key);
    const { upsert, remove } = this.#list.changes({ offsetMs: this.#link.offsetMs, nowMs }, (key) =>
      this.#missing.has(key),
    );
    for (const { key } of upsert) this.#missing.delete(key);
    members.writeMember(name, { upsert: upsert.map((row) => this.#withStats(row)), remove });
    members.setMemberStatus(name, { kind: 'up' });
    this.#expireLater(nowMs);
  }

  /** The load of the machine of an OpenClaw gateway is in `system.info`. */
  #withStats(row: InstanceView): InstanceView {
    return row.self === true && this.#hostStats !== undefined ? { ...row, hostStats: this.#hostStats } : row;
  }

  #expireLater(nowMs: number): void {
    this.#cancelExpiry();
    const due = [this.#list.nextExpiryMs(), ...this.#missing.values()].filter(
      (moment) => moment !== undefined,
    );
    if (due.length === 0) return;
    const delayMs = Math.max(gatherMs, Math.min(...due) - nowMs);
    this.#cancelExpiry = this.#options.timers.after(delayMs, () => this.#isRead && this.#flush());
  }

  #leave(): void {
    if (!this.#isMember) return;
    this.#isMember = false;
    this.#missing.clear();
    this.#options.members.removeMember(this.config.name);
    // What was published is removed with the member, and published anew when it joins again.
    this.#list.forget();
  }
}
