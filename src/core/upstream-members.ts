import { type Cause, gatewayRestarting, removed, unlisted } from './cause.ts';
import type { Change, ChangeTrigger } from './change.ts';
import type { InstanceView } from './entry.ts';
import { type MemberId, upstreamIdOf } from './member-id.ts';
import type { MemberStatus, UpstreamMember } from './member-status.ts';
import type { Batch } from './merged-listing.ts';
import { registerOf } from './merged-row.ts';
import type { MergedState } from './merged-state.ts';
import type { Instant } from './ports.ts';
import type { UpstreamRows } from './upstream-rows.ts';
import { wholeUpstreamView } from './upstream-view.ts';

/** Rows of an upstream that are new or different there, and keys of rows that are gone there. */
export interface UpstreamChanges {
  readonly upsert: readonly InstanceView[];
  readonly remove: readonly string[];
}

/** The members of a roster that somebody else runs: what this gateway reads of them. */
export class UpstreamMembers {
  readonly #state: MergedState;

  constructor(state: MergedState) {
    this.#state = state;
  }

  /** An upstream is shown from now on. Throws `TypeError` for an id that is there, or a bound that is none. */
  add(member: UpstreamMember, now: Instant): readonly Change[] {
    this.#state.members.addUpstream(member);
    return this.#changeRoom(member.maxRows, now);
  }

  /** An upstream is shown no more, and no row that is there alone. */
  remove(id: string, now: Instant): readonly Change[] {
    const upstream = this.#rows(id);
    const { name, maxRows } = upstream;
    const remove = [...upstream.keys()];
    const changes = this.write(id, { upsert: [], remove }, now, removed(name));
    this.#state.members.forget(upstreamIdOf(id));
    return [...changes, ...this.#changeRoom(-maxRows, now)];
  }

  /** Everything that an upstream has: a row that is not in it is gone there. */
  replace(id: string, rows: readonly InstanceView[], now: Instant): readonly Change[] {
    const mentioned = new Set(rows.map(({ key }) => key));
    const remove = [...this.#rows(id).keys()].filter((key) => !mentioned.has(key));
    return this.write(id, { upsert: rows, remove }, now);
  }

  /** What changed at an upstream. */
  write(
    id: string,
    { upsert, remove }: UpstreamChanges,
    now: Instant,
    cause: Cause = unlisted(this.#rows(id).name),
  ): readonly Change[] {
    const { listing, self } = this.#state;
    const batch = listing.open(now);
    for (const key of remove) this.drop(upstreamIdOf(id), key, 'replicated', batch, cause);
    for (const view of [...upsert].sort((a, b) => a.ts - b.ts)) {
      if (view.key !== self?.key) this.#put(id, view, batch);
    }
    return listing.close(batch);
  }

  /** Something became known about an upstream. */
  setStatus(id: string, status: MemberStatus, now: Instant): readonly Change[] {
    const { name } = this.#rows(id);
    const cause = status.kind === 'restarting' ? gatewayRestarting(name) : undefined;
    return this.#state.setStatus(upstreamIdOf(id), status, now, cause);
  }

  /** Drops what an upstream stated of a row. */
  drop(memberId: MemberId, key: string, trigger: ChangeTrigger, batch: Batch, cause?: Cause): void {
    this.#state.members.upstream(memberId)?.delete(key);
    const row = this.#state.table.drop(key, memberId);
    if (row !== undefined) this.#state.refresh(row, trigger, batch, cause);
  }

  #rows(id: string): UpstreamRows {
    const upstream = this.#state.members.upstream(upstreamIdOf(id));
    if (upstream === undefined) throw new TypeError(`${id} is no upstream of this roster`);
    return upstream;
  }

  #put(id: string, view: InstanceView, batch: Batch): void {
    const memberId = upstreamIdOf(id);
    const { key } = view;
    const { clock, table } = this.#state;
    const stamp = { ...clock.next(batch.now.wallMs), memberId };
    const upstream = this.#rows(id);
    const whole = wholeUpstreamView(view, registerOf(table.get(key), memberId)?.view, upstream.gateways);
    // Facts are as old as the row: reading a list again states nothing anew.
    const factsStamp = { ms: view.ts, counter: 0, memberId };
    const tooMany = upstream.put(whole);
    if (tooMany !== key)
      this.#state.write({ memberId, key, stamp, view: whole, factsStamp }, 'replicated', batch);
    if (tooMany !== undefined) this.drop(memberId, tooMany, 'evicted', batch);
  }

  #changeRoom(rows: number, now: Instant): readonly Change[] {
    const { listing } = this.#state;
    const batch = listing.open(now);
    listing.addRoom(rows, batch);
    return listing.close(batch);
  }
}
