import type { Cause, Instant } from '../../core/index.ts';
import { type Alert, type AlertPhase, graceMsOf, never, newAlert } from './alert.ts';
import { type AlertGroups, groupSubject } from './alert-groups.ts';
import type { Alerts } from './alerts.ts';
import type { DueQueue } from './due-queue.ts';
import type { Notice, NoticedRow } from './notice.ts';
import type { NoticeLog } from './notice-log.ts';
import type { CompiledRule } from './notice-rule.ts';
import type { RuleSet } from './rule-set.ts';
import type { Mute, Silences } from './silences.ts';
import type { Subjects } from './subjects.ts';

/** What outlives a restart (PN8). */
export interface SavedNotices {
  readonly version: 2;
  readonly atMs: number;
  readonly alerts: readonly SavedAlert[];
  /** Rows that were present, without the parts that are not needed later. */
  readonly present: readonly NoticedRow[];
  readonly awayKeys: readonly string[];
  /** Keys of others that are away, whose return is no event. */
  readonly unseenKeys: readonly string[];
  readonly mutes: readonly Mute[];
}

interface SavedAlert {
  readonly rule: string;
  readonly phase: AlertPhase;
  readonly sinceMs: number;
  readonly row: NoticedRow;
  readonly cause?: Cause | undefined;
  readonly lostGateway: boolean;
  readonly notice?: Notice | undefined;
  readonly memberRows?: readonly NoticedRow[] | undefined;
}

/** The state that is saved and restored. */
export interface NoticeState {
  readonly rules: RuleSet;
  readonly subjects: Subjects;
  readonly due: DueQueue<Alert>;
  readonly silences: Silences;
  readonly groups: AlertGroups;
  readonly log: NoticeLog;
  readonly alerts: Alerts;
  /** Most instances that are kept while away. */
  readonly maxAway: number;
}

const maxSavedRows = 2_000;
const gatewayEndedUnseen: Cause = {
  code: 'gateway-restart',
  evidence: 'it was there before this gateway restarted',
};

/** The state at a moment, as plain JSON. */
export function saveNotices({ subjects, groups, silences }: NoticeState, now: Instant): SavedNotices {
  const present: NoticedRow[] = [];
  const awayKeys: string[] = [];
  const unseenKeys: string[] = [];
  const alerts: SavedAlert[] = [];
  for (const subject of subjects.all()) {
    if (subject.standing === 'away') (subject.departureUnknown ? unseenKeys : awayKeys).push(subject.key);
    else if (!subject.isGateway && present.length < maxSavedRows) present.push(slim(subject.row));
    for (const alert of subject.alerts.values()) if (isSaved(alert)) alerts.push(savedAlert(alert));
  }
  alerts.push(...groups.all.map(savedAlert));
  const { mutes } = silences;
  return { version: 2, atMs: now.wallMs, alerts, present, awayKeys, unseenKeys, mutes };
}

/** Restores the saved state: an instance that was present and does not come back has left. */
export function restoreNotices(state: NoticeState, saved: SavedNotices, now: Instant): void {
  const { rules, subjects, silences, maxAway } = state;
  silences.restore(saved.mutes, now);
  for (const key of saved.awayKeys.slice(-maxAway)) subjects.addAway({ key } as NoticedRow, undefined);
  for (const key of saved.unseenKeys.slice(-maxAway))
    subjects.addAway({ key } as NoticedRow, undefined).departureUnknown = true;
  for (const row of saved.present) {
    const subject = subjects.addAway(row, gatewayEndedUnseen);
    subject.departureUnknown = true;
    state.alerts.beginAll('leaves', subject, now, gatewayEndedUnseen, { lostGateway: true });
  }
  const byName = rules.byName();
  for (const alert of saved.alerts) {
    const rule = byName.get(alert.rule);
    if (rule !== undefined) restoreAlert(state, alert, rule, Math.min(saved.atMs, now.wallMs), now);
  }
}

function restoreAlert(
  state: NoticeState,
  saved: SavedAlert,
  rule: CompiledRule,
  atMs: number,
  now: Instant,
): void {
  const { subjects, groups, log, due } = state;
  const { phase, row, notice, memberRows, sinceMs, cause, lostGateway } = saved;
  const subject = memberRows === undefined ? subjects.addAway(row, cause) : groupSubject({ row });
  const alert = newAlert(rule, subject, cause, now);
  const sinceMonoMs = now.monoMs - Math.max(0, now.wallMs - Math.min(sinceMs, atMs));
  Object.assign(alert, { phase, row, sinceMs, sinceMonoMs, notice, lostGateway });
  if (memberRows === undefined) replace(state, alert);
  else {
    alert.members = new Set(memberRows.map((member) => restoreMember(state, member, alert, now)));
    groups.restore(alert);
  }
  if (rule.when === 'gateway-unreachable') subject.isDown = true;
  log.opened(alert);
  if (phase === 'pending' && rule.when === 'leaves') groups.wait(alert);
  alert.repeatMonoMs = now.monoMs + (rule.repeatMs ?? never);
  const graceMonoMs = Math.max(now.monoMs, alert.sinceMonoMs + graceMsOf(alert));
  due.schedule(alert, phase === 'open' ? alert.repeatMonoMs : graceMonoMs);
}

function restoreMember(state: NoticeState, row: NoticedRow, { rule, cause }: Alert, now: Instant): Alert {
  const alert = newAlert(rule, state.subjects.addAway(row, cause), cause, now);
  alert.phase = 'grouped';
  replace(state, alert);
  return alert;
}

/** Puts an alert in place of the one that its subject has for the rule. */
function replace({ alerts }: NoticeState, alert: Alert): void {
  const { rule, subject } = alert;
  const before = subject.alerts.get(rule);
  if (before !== undefined) alerts.erase(before);
  subject.alerts.set(rule, alert);
}

function isSaved({ phase, rule }: Alert): boolean {
  if (rule.when === 'idle' || rule.when === 'in-use') return false;
  return phase === 'open' || phase === 'resolving' || phase === 'pending';
}

function savedAlert({ rule, phase, sinceMs, row, cause, lostGateway, notice, members }: Alert): SavedAlert {
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

/** A row without what holds only at the moment. */
function slim({ sources, rttMs, hostStats, ...row }: NoticedRow): NoticedRow {
  return { ...row, sources: {} };
}
