import type { Cause, Change, InstanceView, Instant, Remove, Upsert } from '../../core/index.ts';
import { isGatewayRow, matches } from '../../viewer/index.ts';
import { DueQueue } from './due-queue.ts';
import { type Notice, type NoticedRow, type NoticeSubject, subjectOf } from './notice.ts';
import type { CompiledRule, NoticeEvent } from './notice-rule.ts';
import {
  type Cell,
  exceeded,
  type FlappingBounds,
  gatewayCauses,
  noteDeparture,
  noteInput,
  type Phase,
  type Subject,
  saysNothing,
  standingOf,
} from './notice-subject.ts';

export interface NoticeEngineOptions extends Partial<FlappingBounds> {
  readonly rules: readonly CompiledRule[];
  readonly newId: () => string;
  /** So many instances that leave within `groupMs` are one notice; default 5 (PN5). */
  readonly groupFrom?: number;
  /** Milliseconds; default 30 s. */
  readonly groupMs?: number;
  /** Instances that are away or gone and remembered; default 10 000. */
  readonly maxAway?: number;
}

/** Nothing is said of these, for a while (PN7). */
export interface Mute {
  /** Absent: every rule. */
  readonly rule?: string;
  /** Absent: every instance. */
  readonly key?: string;
  readonly untilMs: number;
  readonly by?: string;
}

/** What outlives a restart (PN8). */
export interface SavedNotices {
  readonly version: 1;
  readonly atMs: number;
  readonly cells: readonly SavedCell[];
  /** Rows that were there, without the parts that nobody asks for later. */
  readonly present: readonly NoticedRow[];
  readonly awayKeys: readonly string[];
  /** Keys of others that are away, whose return is none. */
  readonly unseenKeys?: readonly string[];
  readonly mutes: readonly Mute[];
}

interface SavedCell {
  readonly rule: string;
  readonly phase: Phase;
  readonly sinceMs: number;
  readonly row: NoticedRow;
  readonly cause?: Cause | undefined;
  readonly lostGateway?: boolean | undefined;
  readonly notice?: Notice | undefined;
  readonly memberRows?: readonly NoticedRow[] | undefined;
}

/** Those who lost their gateway have this long to come back, whatever the rule says. */
const gatewayGraceMs = 120_000;
/** Resolved notices that are remembered for lists. */
const maxResolved = 200;
const maxMembers = 100;
const maxSavedRows = 2_000;
const never = Number.POSITIVE_INFINITY;
const gatewayEndedUnseen: Cause = {
  code: 'gateway-restart',
  evidence: 'it was there before this gateway restarted',
};

/**
 * The rules, applied to every change of the roster: changes and the time in, notices out (PN).
 *
 * Pure: no clock, no timers, nothing is sent. A change that moves nothing costs the same whatever the number of rules.
 */
export class NoticeEngine {
  readonly #bounds: FlappingBounds;
  readonly #newId: () => string;
  readonly #groupFrom: number;
  readonly #groupMs: number;
  readonly #maxAway: number;
  readonly #subjects = new Map<string, Subject>();
  readonly #due = new DueQueue<Cell>();
  readonly #open = new Map<string, Cell>();
  readonly #resolved: Notice[] = [];
  /** Cells of `leaves` that wait, by rule, the first that left first. */
  readonly #leaving = new Map<CompiledRule, Set<Cell>>();
  readonly #groups = new Map<CompiledRule, Cell>();
  #byEvent: ReadonlyMap<NoticeEvent, readonly CompiledRule[]>;
  #rules: readonly CompiledRule[];
  #mutes: readonly Mute[] = [];
  #awayKeys = 0;
  #told: Notice[] = [];
  /** Notices that were not said because of quiet hours or a mute, and will not be. */
  suppressed = 0;
  /** Grows with every change of what {@link save} would keep. */
  revision = 0;

  constructor(options: NoticeEngineOptions) {
    const { rules, newId, flappingLeaves = 5, flappingMs = 600_000 } = options;
    this.#bounds = { flappingLeaves, flappingMs };
    this.#newId = newId;
    this.#groupFrom = options.groupFrom ?? 5;
    this.#groupMs = options.groupMs ?? 30_000;
    this.#maxAway = options.maxAway ?? 10_000;
    this.#rules = rules;
    this.#byEvent = rulesByEvent(rules);
  }

  /** When {@link advance} has something to do; `undefined`: never. */
  get nextDueMonoMs(): number | undefined {
    return this.#due.nextMonoMs;
  }

  /** Notices that are open, the oldest first. */
  get open(): readonly Notice[] {
    return Array.from(this.#open.values(), ({ notice }) => notice as Notice);
  }

  /** Notices that were resolved last, the latest first. */
  get resolved(): readonly Notice[] {
    return this.#resolved.toReversed();
  }

  get mutes(): readonly Mute[] {
    return this.#mutes;
  }

  /** The rows at the start: they are no arrivals. What was said before a restart goes on (PN8). */
  start(rows: Iterable<InstanceView>, now: Instant, saved?: SavedNotices): readonly Notice[] {
    if (saved !== undefined) this.#restore(saved, now);
    for (const row of rows) this.#see(row, now, undefined, false);
    return this.advance(now);
  }

  /** Changes of the roster, in order. */
  take(changes: readonly Change[], now: Instant): readonly Notice[] {
    this.#runDue(now);
    for (const change of changes) {
      if (change.kind === 'remove') this.#remove(change, now);
      else this.#upsert(change, now);
    }
    this.#runDue(now);
    return this.#taken();
  }

  /** Time has passed. */
  advance(now: Instant): readonly Notice[] {
    this.#runDue(now);
    return this.#taken();
  }

  /** Somebody looks after it: it is not repeated. `undefined` for a notice that is not open. */
  acknowledge(noticeId: string, by: string, now: Instant): Notice | undefined {
    const cell = this.#open.get(noticeId);
    if (cell?.notice === undefined) return undefined;
    cell.notice = { ...cell.notice, acknowledgedAtMs: Math.round(now.wallMs), acknowledgedBy: by };
    this.revision += 1;
    return cell.notice;
  }

  /** Says nothing of a rule or an instance until a moment; what is still so then is said then. A past moment ends a mute. */
  mute(mute: Mute, now: Instant): readonly Mute[] {
    const isOther = (other: Mute): boolean => other.rule !== mute.rule || other.key !== mute.key;
    const others = this.#mutes.filter((other) => isOther(other) && other.untilMs > now.wallMs);
    this.#mutes = mute.untilMs > now.wallMs ? [...others, mute].slice(-100) : others;
    this.revision += 1;
    for (const cell of [...this.#open.values(), ...this.#waiting()]) this.#schedule(cell, now.monoMs);
    return this.#mutes;
  }

  /** Puts other rules in force. Rules that are the same go on; notices of those that are gone are resolved. */
  setRules(rules: readonly CompiledRule[], now: Instant): readonly Notice[] {
    const kept = new Map(this.#rules.map((rule) => [JSON.stringify(ruleText(rule)), rule] as const));
    this.#rules = rules.map((rule) => kept.get(JSON.stringify(ruleText(rule))) ?? rule);
    this.#byEvent = rulesByEvent(this.#rules);
    const inForce = new Set(this.#rules);
    for (const [rule, group] of [...this.#groups]) if (!inForce.has(rule)) this.#resolve(group, now);
    for (const subject of this.#subjects.values()) {
      for (const [rule, cell] of [...subject.cells]) if (!inForce.has(rule)) this.#drop(cell, now);
      this.#watch(subject, now);
    }
    return this.advance(now);
  }

  save(now: Instant): SavedNotices {
    const present: NoticedRow[] = [];
    const awayKeys: string[] = [];
    const unseenKeys: string[] = [];
    const cells: SavedCell[] = [];
    for (const subject of this.#subjects.values()) {
      if (subject.standing === 'away') (subject.leftUnseen ? unseenKeys : awayKeys).push(subject.key);
      else if (!subject.isGateway && present.length < maxSavedRows) present.push(slim(subject.row));
      for (const cell of subject.cells.values()) if (isSaved(cell)) cells.push(savedCell(cell));
    }
    for (const group of this.#groups.values()) cells.push(savedCell(group));
    return { version: 1, atMs: now.wallMs, cells, present, awayKeys, unseenKeys, mutes: this.#mutes };
  }

  // ---- what happens to a row

  #upsert(change: Upsert, now: Instant): void {
    const { view, previousKey } = change;
    if (previousKey !== undefined) this.#rename(previousKey, view.key);
    this.#see(view, now, change.cause, previousKey === undefined);
  }

  #see(row: NoticedRow, now: Instant, cause: Cause | undefined, isArrival: boolean): void {
    if (row.self === true) return;
    const subject = this.#subjects.get(row.key);
    const standing = standingOf(row);
    if (subject === undefined) {
      this.#add(row, standing, cause, isArrival, now);
      return;
    }
    const before = subject.row;
    if (standing === subject.standing) {
      if (standing === 'away') this.#learn(subject, cause ?? row.cause);
      else subject.row = row;
      if (standing === 'present') this.#measure(subject, before, now);
      return;
    }
    if (standing !== 'away') subject.row = row;
    this.#stand(subject, standing, cause ?? row.cause, now);
  }

  #add(
    row: NoticedRow,
    standing: Subject['standing'],
    cause: Cause | undefined,
    isArrival: boolean,
    now: Instant,
  ): void {
    const subject: Subject = {
      key: row.key,
      isGateway: isGatewayRow(row),
      row,
      standing: standing === 'unknown' ? 'present' : standing,
      awayCause: standing === 'away' ? row.cause : undefined,
      leftUnseen: false,
      isDown: false,
      departures: undefined,
      flapsUntilMonoMs: Number.NEGATIVE_INFINITY,
      inputMonoMs: undefined,
      cells: new Map(),
    };
    this.#subjects.set(row.key, subject);
    this.revision += 1;
    if (standing === 'away') this.#trim(now);
    const isNew = isArrival && standing === 'present' && cause?.code !== 'reconnected';
    if (isNew && !subject.isGateway) this.#beginAll('appears', subject, now, cause);
    if (standing === 'unknown') this.#stand(subject, 'unknown', row.cause ?? cause, now);
    else this.#watch(subject, now);
  }

  #remove(change: Remove, now: Instant): void {
    const subject = this.#subjects.get(change.key);
    if (subject === undefined) return;
    const code = change.cause?.code;
    if (code === 'removed' || code === 'replaced' || change.trigger === 'taken-over') {
      this.#forget(subject, now, change.cause);
    } else if (subject.isGateway) {
      if (!subject.isDown) this.#forget(subject, now, change.cause);
    } else if (subject.standing !== 'away' && !saysNothing(change, subject.standing)) {
      this.#stand(subject, 'away', change.cause, now);
    }
  }

  /** The standing of a subject changes. */
  #stand(subject: Subject, to: Subject['standing'], cause: Cause | undefined, now: Instant): void {
    const from = subject.standing;
    subject.standing = to;
    this.revision += 1;
    if (subject.isGateway) {
      this.#standGateway(subject, to, cause, now);
      return;
    }
    if (to !== 'present') this.#endAll(['idle', 'in-use', 'host-stats'], subject, now, cause);
    if (to === 'away') this.#leave(subject, cause, from === 'unknown', now);
    else if (to === 'present') {
      if (from === 'away' || subject.awayCause !== undefined) this.#return(subject, cause, now);
      this.#watch(subject, now);
    }
  }

  #standGateway(subject: Subject, to: Subject['standing'], cause: Cause | undefined, now: Instant): void {
    if (to === 'unknown' && !subject.isDown) {
      subject.isDown = true;
      this.#beginAll('gateway-unreachable', subject, now, cause);
    } else if (to === 'present' && subject.isDown) {
      subject.isDown = false;
      this.#endAll(['gateway-unreachable'], subject, now, cause);
    }
  }

  #leave(subject: Subject, cause: Cause | undefined, wasUnknown: boolean, now: Instant): void {
    const { code } = cause ?? { code: 'unknown' };
    const lostGateway = wasUnknown || gatewayCauses.has(code);
    subject.awayCause = cause ?? { code: 'unknown' };
    subject.leftUnseen = lostGateway || code === 'evicted';
    if (code !== 'evicted') {
      this.#endAll(['returns', 'appears'], subject, now, cause);
      if (!lostGateway && noteDeparture(subject, now.monoMs, this.#bounds)) this.#flap(subject, cause, now);
      for (const rule of this.#rulesOf('leaves')) this.#begin(rule, subject, now, cause, { lostGateway });
    }
    this.#trim(now);
  }

  #flap(subject: Subject, cause: Cause | undefined, now: Instant): void {
    for (const rule of this.#rulesOf('flapping')) {
      const cell = subject.cells.get(rule);
      if (cell?.notice !== undefined) {
        cell.notice = { ...cell.notice, count: cell.notice.count + 1 };
        if (cell.phase === 'closing') cell.phase = 'open';
        this.#schedule(cell, this.#nextOf(cell));
      } else if (cell === undefined) this.#begin(rule, subject, now, cause);
    }
  }

  #return(subject: Subject, cause: Cause | undefined, now: Instant): void {
    const { leftUnseen } = subject;
    subject.awayCause = undefined;
    subject.leftUnseen = false;
    this.#endAll(['leaves'], subject, now, cause);
    if (!leftUnseen) this.#beginAll('returns', subject, now, cause);
  }

  /** What is known of the reason while it is away. */
  #learn(subject: Subject, cause: Cause | undefined): void {
    if (cause === undefined || subject.awayCause === cause) return;
    subject.awayCause = cause;
    for (const rule of this.#rulesOf('leaves')) {
      const cell = subject.cells.get(rule);
      if (cell?.phase === 'pending') cell.cause = cause;
    }
  }

  /** Starts what goes by facts of a row that is there: use and load. */
  #watch(subject: Subject, now: Instant): void {
    if (subject.standing !== 'present' || subject.isGateway) {
      if (subject.isDown) this.#beginAll('gateway-unreachable', subject, now, subject.row.cause);
      return;
    }
    this.#measure(subject, undefined, now);
  }

  /** A row that is there says more: its use and its load. */
  #measure(subject: Subject, before: NoticedRow | undefined, now: Instant): void {
    const { row } = subject;
    if (subject.isGateway) return;
    if (row.lastInputSeconds !== undefined && this.#byEvent.has('idle')) this.#use(subject, row, now);
    if (row.hostStats !== before?.hostStats) this.#weigh(subject, now);
  }

  #use(subject: Subject, row: NoticedRow, now: Instant): void {
    const isUsed = noteInput(subject, row, now);
    const { inputMonoMs } = subject;
    if (inputMonoMs === undefined) return;
    for (const rule of this.#rulesOf('idle')) {
      const cell = subject.cells.get(rule);
      if (cell === undefined || (isUsed && cell.phase !== 'pending')) {
        if (cell !== undefined) this.#used(cell, now);
        this.#idleSince(rule, subject, inputMonoMs, now);
      }
    }
  }

  /** An instance that was idle is in use. */
  #used(cell: Cell, now: Instant): void {
    if (cell.phase !== 'armed') {
      this.#end(cell, now, undefined);
      return;
    }
    this.#erase(cell);
    const { rule, subject } = cell;
    if (this.#fits(rule, subject.row, now)) this.#tellOnce({ ...cell, row: subject.row }, now);
  }

  #idleSince(rule: CompiledRule, subject: Subject, sinceMonoMs: number, now: Instant): void {
    // Idle again before the end of the first time was said: that end comes first.
    if (subject.cells.has(rule)) return;
    const cell = newCell(rule, subject, undefined, now);
    cell.sinceMonoMs = sinceMonoMs;
    cell.sinceMs = now.wallMs - (now.monoMs - sinceMonoMs);
    subject.cells.set(rule, cell);
    this.#schedule(cell, sinceMonoMs + rule.forMs);
  }

  #weigh(subject: Subject, now: Instant): void {
    for (const rule of this.#rulesOf('host-stats')) {
      const detail = exceeded(subject.row, rule.above);
      const cell = subject.cells.get(rule);
      const isOn = cell !== undefined && cell.phase !== 'closing';
      if (detail !== undefined && !isOn) this.#begin(rule, subject, now, undefined, { detail });
      else if (detail === undefined && isOn) this.#end(cell, now, undefined);
      else if (detail !== undefined && cell?.phase === 'pending') cell.detail = detail;
    }
  }

  #rename(from: string, to: string): void {
    const subject = this.#subjects.get(from);
    if (subject === undefined || this.#subjects.has(to)) return;
    this.#subjects.delete(from);
    subject.key = to;
    this.#subjects.set(to, subject);
  }

  #forget(subject: Subject, now: Instant, cause: Cause | undefined): void {
    for (const cell of [...subject.cells.values()]) this.#drop(cell, now, cause);
    this.#subjects.delete(subject.key);
    this.revision += 1;
  }

  /** Forgets those that left longest ago when there are too many. */
  #trim(now: Instant): void {
    this.#awayKeys += 1;
    if (this.#awayKeys <= this.#maxAway + this.#maxAway / 4) return;
    const away = [...this.#subjects.values()].filter(({ standing }) => standing === 'away');
    for (const subject of away.slice(0, -this.#maxAway)) this.#forget(subject, now, subject.awayCause);
    this.#awayKeys = Math.min(away.length, this.#maxAway);
  }

  // ---- what happens to a rule and a subject

  #beginAll(event: NoticeEvent, subject: Subject, now: Instant, cause: Cause | undefined): void {
    for (const rule of this.#rulesOf(event)) this.#begin(rule, subject, now, cause);
  }

  #endAll(events: readonly NoticeEvent[], subject: Subject, now: Instant, cause: Cause | undefined): void {
    if (subject.cells.size === 0) return;
    for (const cell of [...subject.cells.values()]) {
      if (events.includes(cell.rule.when)) this.#end(cell, now, cause);
    }
  }

  #begin(
    rule: CompiledRule,
    subject: Subject,
    now: Instant,
    cause: Cause | undefined,
    more: Partial<Pick<Cell, 'detail' | 'lostGateway'>> = {},
  ): void {
    const before = subject.cells.get(rule);
    if (before !== undefined) {
      if (before.phase === 'closing') this.#reopen(before, cause, now);
      return;
    }
    if (!this.#fits(rule, subject.row, now)) return;
    const cell = newCell(rule, subject, cause, now);
    Object.assign(cell, more);
    subject.cells.set(rule, cell);
    this.#schedule(cell, now.monoMs + graceMsOf(cell));
    if (rule.when === 'leaves') this.#leavingOf(rule).add(cell);
  }

  /** So again before its end was said: the same notice goes on. */
  #reopen(cell: Cell, cause: Cause | undefined, now: Instant): void {
    cell.phase = 'open';
    cell.sinceMonoMs = now.monoMs;
    if (cell.notice !== undefined) {
      cell.notice = { ...cell.notice, count: cell.notice.count + 1, ...(cause !== undefined && { cause }) };
    }
    this.#schedule(cell, this.#nextOf(cell));
  }

  #end(cell: Cell, now: Instant, cause: Cause | undefined): void {
    this.revision += 1;
    if (cell.phase === 'closing') return;
    if (cell.phase === 'grouped') {
      this.#leaveGroup(cell, now);
      return;
    }
    if (cell.phase !== 'open') {
      this.#erase(cell);
      return;
    }
    cell.phase = 'closing';
    cell.cause = cause;
    this.#runCell(cell, now);
  }

  /** Ends at once and for good, whatever else holds it. */
  #drop(cell: Cell, now: Instant, cause?: Cause): void {
    if (cell.phase === 'grouped') this.#leaveGroup(cell, now);
    else if (cell.notice === undefined) this.#erase(cell);
    else {
      cell.cause = cause;
      this.#resolve(cell, now);
    }
  }

  #runDue(now: Instant): void {
    for (let cell = this.#due.take(now.monoMs); cell !== undefined; cell = this.#due.take(now.monoMs)) {
      this.#runCell(cell, now);
    }
  }

  #runCell(cell: Cell, now: Instant): void {
    if (cell.phase === 'pending') this.#runPending(cell, now);
    else if (cell.phase === 'open') this.#runOpen(cell, now);
    else if (cell.phase === 'closing') this.#runClosing(cell, now);
    else if (cell.phase === 'spent' && cell.rule.when === 'flapping') this.#runSpent(cell, now);
  }

  /** What was not to be said of an instance that flaps is over when it is steady; the next time counts anew. */
  #runSpent(cell: Cell, now: Instant): void {
    const { flapsUntilMonoMs } = cell.subject;
    if (flapsUntilMonoMs <= now.monoMs) this.#erase(cell);
    else this.#schedule(cell, flapsUntilMonoMs);
  }

  #runPending(cell: Cell, now: Instant): void {
    const { rule, subject } = cell;
    if (rule.when === 'idle' || rule.when === 'in-use') {
      const dueMonoMs = (subject.inputMonoMs ?? now.monoMs) + rule.forMs;
      if (dueMonoMs > now.monoMs) return this.#restart(cell, dueMonoMs, now);
      if (rule.when === 'in-use') {
        cell.phase = 'armed';
        return;
      }
      cell.row = subject.row;
      if (!this.#fits(rule, subject.row, now)) return this.#spend(cell);
    }
    // It became steady while it waited for the end of quiet hours or of a long grace.
    if (rule.when === 'flapping' && subject.flapsUntilMonoMs <= now.monoMs) return this.#erase(cell);
    if (cell.cause !== undefined && rule.unless.has(cell.cause.code)) return this.#spend(cell);
    if (rule.isMomentary) return this.#momentary(cell, now);
    const quietMonoMs = this.#quietUntil(cell, now);
    if (quietMonoMs > now.monoMs) return this.#schedule(cell, quietMonoMs);
    if (rule.when === 'leaves' && this.#group(cell, now)) return;
    this.#say(cell, now);
  }

  /** It was used since it was put in the queue. */
  #restart(cell: Cell, dueMonoMs: number, now: Instant): void {
    cell.sinceMonoMs = dueMonoMs - cell.rule.forMs;
    cell.sinceMs = now.wallMs - (now.monoMs - cell.sinceMonoMs);
    this.#schedule(cell, dueMonoMs);
  }

  #spend(cell: Cell): void {
    cell.phase = 'spent';
    this.#leaving.get(cell.rule)?.delete(cell);
    if (cell.rule.when === 'flapping') this.#schedule(cell, cell.subject.flapsUntilMonoMs);
  }

  #momentary(cell: Cell, now: Instant): void {
    this.#erase(cell);
    this.#tellOnce(cell, now);
  }

  #tellOnce(cell: Cell, now: Instant): void {
    if (this.#quietUntil(cell, now) > now.monoMs) {
      this.suppressed += 1;
      return;
    }
    const atMs = Math.round(now.wallMs);
    this.#tell({ ...this.#noticeOf(cell, now), state: 'resolved', resolvedAtMs: atMs });
  }

  #say(cell: Cell, now: Instant): void {
    this.#leaving.get(cell.rule)?.delete(cell);
    cell.phase = 'open';
    const notice = this.#noticeOf(cell, now);
    cell.notice = notice;
    cell.repeatMonoMs = now.monoMs + (cell.rule.repeatMs ?? never);
    this.#open.set(notice.noticeId, cell);
    this.#schedule(cell, this.#nextOf(cell));
    this.#tell(notice);
  }

  #runOpen(cell: Cell, now: Instant): void {
    const { rule, subject, notice } = cell;
    if (rule.when === 'flapping' && subject.flapsUntilMonoMs <= now.monoMs) {
      this.#end(cell, now, undefined);
      return;
    }
    if (cell.repeatMonoMs <= now.monoMs && notice !== undefined && notice.acknowledgedAtMs === undefined) {
      const quietMonoMs = this.#quietUntil(cell, now);
      if (quietMonoMs > now.monoMs) cell.repeatMonoMs = quietMonoMs;
      else {
        cell.repeatMonoMs = now.monoMs + (rule.repeatMs ?? never);
        cell.notice = { ...notice, told: notice.told + 1 };
        this.#tell(cell.notice);
      }
    } else if (cell.repeatMonoMs <= now.monoMs) cell.repeatMonoMs = never;
    this.#schedule(cell, this.#nextOf(cell));
  }

  #runClosing(cell: Cell, now: Instant): void {
    const untilMonoMs = Math.max(
      this.#quietUntil(cell, now),
      cell.rule.when === 'leaves' ? cell.subject.flapsUntilMonoMs : 0,
    );
    if (untilMonoMs > now.monoMs) this.#schedule(cell, untilMonoMs);
    else if (this.#isIdleAgain(cell, now)) this.#reopen(cell, undefined, now);
    else this.#resolve(cell, now);
  }

  /** Used and idle again before that could be said: nothing is over. */
  #isIdleAgain({ rule, subject }: Cell, now: Instant): boolean {
    if (rule.when !== 'idle' || subject.standing !== 'present') return false;
    return (subject.inputMonoMs ?? now.monoMs) + rule.forMs <= now.monoMs;
  }

  #resolve(cell: Cell, now: Instant): void {
    const { notice, subject, cause } = cell;
    this.#erase(cell);
    if (notice === undefined) return;
    const { cause: _, ...rest } = notice;
    const resolved: Notice = {
      ...rest,
      ...(cause !== undefined && { cause }),
      state: 'resolved',
      resolvedAtMs: Math.round(now.wallMs),
      told: notice.told + 1,
      ...(cell.members === undefined && { instance: subject.row }),
    };
    this.#tell(resolved);
    // What was idle may be idle again: it begins anew.
    if (cell.rule.when === 'idle' && subject.standing === 'present' && subject.inputMonoMs !== undefined) {
      if (this.#rules.includes(cell.rule)) this.#idleSince(cell.rule, subject, subject.inputMonoMs, now);
    }
  }

  // ---- several that left together

  /** Puts a cell that would be said into one notice with those that left about then; false when there are too few. */
  #group(first: Cell, now: Instant): boolean {
    const { rule } = first;
    const leaving = this.#leavingOf(rule);
    if (leaving.size < this.#groupFrom) return false;
    const together: Cell[] = [];
    for (const cell of leaving) {
      if (cell.sinceMonoMs > first.sinceMonoMs + this.#groupMs) break;
      const isLeftOut = cell.cause !== undefined && rule.unless.has(cell.cause.code);
      if (!isLeftOut && this.#quietUntil(cell, now) <= now.monoMs) together.push(cell);
    }
    if (together.length < this.#groupFrom) return false;
    const known = this.#groups.get(rule);
    const group = known ?? newCell(rule, groupSubject(first), first.cause, now);
    if (known === undefined) {
      group.members = new Set();
      group.sinceMs = first.sinceMs;
      this.#groups.set(rule, group);
    }
    for (const cell of together) {
      leaving.delete(cell);
      cell.phase = 'grouped';
      cell.dueMonoMs = never;
      group.members?.add(cell);
    }
    this.#sayGroup(group, now);
    return true;
  }

  #sayGroup(group: Cell, now: Instant): void {
    const members = [...(group.members ?? [])];
    const rows = members.map(({ row }) => row);
    const gateways = [...new Set(rows.flatMap((row) => row.gateways ?? []))].sort();
    const subject: NoticeSubject = {
      key: '*',
      host: `${members.length} instances`,
      ...(gateways.length > 0 && { gateways }),
    };
    const parts = {
      subject,
      count: members.length,
      members: members.slice(0, maxMembers).map(({ row }) => row.key),
    };
    if (group.notice === undefined) {
      const { instance: _, ...notice } = this.#noticeOf(group, now);
      group.notice = { ...notice, ...parts };
      this.#open.set(group.notice.noticeId, group);
      group.repeatMonoMs = now.monoMs + (group.rule.repeatMs ?? never);
    } else group.notice = { ...group.notice, ...parts, told: group.notice.told + 1 };
    group.phase = 'open';
    this.#schedule(group, this.#nextOf(group));
    this.#tell(group.notice);
  }

  #leaveGroup(cell: Cell, now: Instant): void {
    const group = this.#groups.get(cell.rule);
    this.#erase(cell);
    group?.members?.delete(cell);
    if (group?.members?.size === 0 && group.phase === 'open') this.#end(group, now, undefined);
  }

  // ---- the small parts

  #noticeOf(cell: Cell, now: Instant): Notice {
    const { rule, cause, detail, row } = cell;
    return {
      noticeId: this.#newId(),
      rule: rule.name,
      when: rule.when,
      severity: rule.severity,
      state: 'open',
      subject: subjectOf(row),
      ...(cause !== undefined && { cause }),
      ...(detail !== undefined && { detail }),
      sinceMs: Math.round(cell.sinceMs),
      openedAtMs: Math.round(now.wallMs),
      count: rule.when === 'flapping' ? this.#bounds.flappingLeaves : 1,
      told: 1,
      instance: row,
    };
  }

  #tell(notice: Notice): void {
    this.revision += 1;
    this.#told.push(notice);
    if (notice.state === 'open') return;
    this.#resolved.push(notice);
    if (this.#resolved.length > maxResolved) this.#resolved.shift();
  }

  #taken(): readonly Notice[] {
    const told = this.#told;
    if (told.length > 0) this.#told = [];
    return told;
  }

  #erase(cell: Cell): void {
    cell.dueMonoMs = never;
    if (cell.subject.cells.get(cell.rule) === cell) cell.subject.cells.delete(cell.rule);
    if (this.#groups.get(cell.rule) === cell) this.#groups.delete(cell.rule);
    this.#leaving.get(cell.rule)?.delete(cell);
    if (cell.notice !== undefined) this.#open.delete(cell.notice.noticeId);
  }

  #schedule(cell: Cell, dueMonoMs: number): void {
    if (cell.dueMonoMs === dueMonoMs) return;
    cell.dueMonoMs = dueMonoMs;
    this.#due.push(cell);
  }

  /** When an open notice has something to do. */
  #nextOf({ rule, subject, repeatMonoMs }: Cell): number {
    return rule.when === 'flapping' ? Math.min(repeatMonoMs, subject.flapsUntilMonoMs) : repeatMonoMs;
  }

  #fits({ who }: CompiledRule, row: NoticedRow, now: Instant): boolean {
    return who.terms.length === 0 || matches(who, row, { nowMs: now.wallMs });
  }

  /** When something may be said of a rule and a subject: now, or after quiet hours and mutes. */
  #quietUntil({ rule, subject }: Cell, now: Instant): number {
    let untilMs = rule.quiet?.endMs(now.wallMs) ?? now.wallMs;
    for (const mute of this.#mutes) {
      const isMuted =
        (mute.rule === undefined || mute.rule === rule.name) &&
        (mute.key === undefined || mute.key === subject.key);
      if (isMuted && mute.untilMs > untilMs) untilMs = mute.untilMs;
    }
    return now.monoMs + (untilMs - now.wallMs);
  }

  #rulesOf(event: NoticeEvent): readonly CompiledRule[] {
    return this.#byEvent.get(event) ?? [];
  }

  #leavingOf(rule: CompiledRule): Set<Cell> {
    const known = this.#leaving.get(rule) ?? new Set<Cell>();
    this.#leaving.set(rule, known);
    return known;
  }

  /** Cells that are not said only because it is quiet, or are to be said later. */
  *#waiting(): Generator<Cell> {
    for (const { cells } of this.#subjects.values()) {
      for (const cell of cells.values()) if (cell.phase === 'closing') yield cell;
    }
  }

  // ---- restarts of this gateway

  #restore(saved: SavedNotices, now: Instant): void {
    const { atMs, cells, present, awayKeys, unseenKeys = [], mutes } = saved;
    this.#mutes = mutes.filter(({ untilMs }) => untilMs > now.wallMs);
    for (const key of awayKeys.slice(-this.#maxAway)) this.#addAway({ key } as NoticedRow, undefined);
    for (const key of unseenKeys.slice(-this.#maxAway))
      this.#addAway({ key } as NoticedRow, undefined).leftUnseen = true;
    for (const row of present) {
      const subject = this.#addAway(row, gatewayEndedUnseen);
      subject.leftUnseen = true;
      for (const rule of this.#rulesOf('leaves'))
        this.#begin(rule, subject, now, gatewayEndedUnseen, { lostGateway: true });
    }
    const byName = new Map(this.#rules.map((rule) => [rule.name, rule] as const));
    for (const cell of cells) {
      const rule = byName.get(cell.rule);
      if (rule !== undefined) this.#restoreCell(cell, rule, Math.min(atMs, now.wallMs), now);
    }
  }

  #restoreCell(saved: SavedCell, rule: CompiledRule, atMs: number, now: Instant): void {
    const { phase, row, notice, memberRows, sinceMs, cause, lostGateway = false } = saved;
    const isGroup = memberRows !== undefined;
    const subject = isGroup ? groupSubject({ row }) : this.#addAway(row, cause);
    const cell = newCell(rule, subject, cause, now);
    cell.phase = phase;
    cell.row = row;
    cell.sinceMs = sinceMs;
    cell.sinceMonoMs = now.monoMs - Math.max(0, now.wallMs - Math.min(sinceMs, atMs));
    cell.notice = notice;
    cell.lostGateway = lostGateway;
    if (isGroup) {
      cell.members = new Set(memberRows.map((member) => this.#restoreMember(member, rule, cause, now)));
      this.#groups.set(rule, cell);
    } else {
      const before = subject.cells.get(rule);
      if (before !== undefined) this.#erase(before);
      subject.cells.set(rule, cell);
    }
    if (rule.when === 'gateway-unreachable') subject.isDown = true;
    if (notice !== undefined) this.#open.set(notice.noticeId, cell);
    if (phase === 'pending' && rule.when === 'leaves') this.#leavingOf(rule).add(cell);
    cell.repeatMonoMs = now.monoMs + (rule.repeatMs ?? never);
    this.#schedule(
      cell,
      phase === 'open' ? cell.repeatMonoMs : Math.max(now.monoMs, cell.sinceMonoMs + graceMsOf(cell)),
    );
  }

  #restoreMember(row: NoticedRow, rule: CompiledRule, cause: Cause | undefined, now: Instant): Cell {
    const subject = this.#addAway(row, cause);
    const before = subject.cells.get(rule);
    if (before !== undefined) this.#erase(before);
    const cell = newCell(rule, subject, cause, now);
    cell.phase = 'grouped';
    subject.cells.set(rule, cell);
    return cell;
  }

  #addAway(row: NoticedRow, cause: Cause | undefined): Subject {
    const known = this.#subjects.get(row.key);
    if (known !== undefined) {
      if (Object.keys(known.row).length < Object.keys(row).length) known.row = row;
      known.awayCause = cause ?? known.awayCause;
      return known;
    }
    const subject: Subject = {
      ...groupSubject({ row }),
      key: row.key,
      isGateway: isGatewayRow(row),
      standing: isGatewayRow(row) ? 'unknown' : 'away',
      awayCause: cause,
    };
    this.#subjects.set(row.key, subject);
    this.#awayKeys += 1;
    return subject;
  }
}

/** How long it must be so before it is said. */
function graceMsOf({ rule, lostGateway }: Cell): number {
  return lostGateway ? Math.max(rule.forMs, gatewayGraceMs) : rule.forMs;
}

function newCell(rule: CompiledRule, subject: Subject, cause: Cause | undefined, now: Instant): Cell {
  return {
    rule,
    subject,
    phase: 'pending',
    sinceMonoMs: now.monoMs,
    sinceMs: now.wallMs,
    cause,
    lostGateway: false,
    detail: undefined,
    row: subject.row,
    notice: undefined,
    repeatMonoMs: never,
    members: undefined,
    dueMonoMs: never,
  };
}

/** Stands for all that left together. */
function groupSubject({ row }: Pick<Cell, 'row'>): Subject {
  return {
    key: '*',
    isGateway: false,
    row,
    standing: 'away',
    awayCause: undefined,
    leftUnseen: false,
    isDown: false,
    departures: undefined,
    flapsUntilMonoMs: Number.NEGATIVE_INFINITY,
    inputMonoMs: undefined,
    cells: new Map(),
  };
}

/** Rules by what they wait for; those about use are found together. */
function rulesByEvent(rules: readonly CompiledRule[]): ReadonlyMap<NoticeEvent, readonly CompiledRule[]> {
  const byEvent = new Map<NoticeEvent, CompiledRule[]>();
  for (const rule of rules) {
    const event = rule.when === 'in-use' ? 'idle' : rule.when;
    byEvent.set(event, [...(byEvent.get(event) ?? []), rule]);
  }
  return byEvent;
}

/** What makes a rule another one. */
function ruleText(rule: CompiledRule): unknown {
  return rule.source;
}

function isSaved({ phase, rule }: Cell): boolean {
  if (rule.when === 'idle' || rule.when === 'in-use') return false;
  return phase === 'open' || phase === 'closing' || phase === 'pending';
}

function savedCell({ rule, phase, sinceMs, row, cause, lostGateway, notice, members }: Cell): SavedCell {
  return {
    rule: rule.name,
    phase,
    sinceMs,
    row: slim(row),
    cause,
    lostGateway,
    notice,
    memberRows: members === undefined ? undefined : Array.from(members, (member) => slim(member.row)),
  };
}

/** A row without what is only of the moment. */
function slim({ sources, rttMs, hostStats, ...row }: NoticedRow): NoticedRow {
  return { ...row, sources: {} };
}
