import type { Change, InstanceView } from '../core/index.ts';
import { readNoticesFile } from '../gateway/notices-wiring.ts';
import {
  compileRules,
  type JournalEntry,
  type Notice,
  NoticeEngine,
  type NoticeRule,
  type NoticesStatus,
  noticeMessage,
  noticeText,
  rulesOf,
} from '../sinks/index.ts';
import { type CommandContext, withGateway } from './command-context.ts';
import type { GatewayCall } from './gateway-call.ts';
import type { TargetFlags } from './gateway-target.ts';
import { ok, type Result, refused } from './result.ts';
import { scopesFor } from './scopes.ts';
import { oneLine } from './text-format.ts';

type Listed = Partial<NoticesStatus> & { readonly enabled: boolean };

/** `rollcall notices list`: open notices, the latest ones, and the state of deliveries. */
export function listNotices(
  context: CommandContext,
  flags: TargetFlags & { readonly json?: boolean },
): Promise<Result<void>> {
  const { shell } = context;
  return asking(context, flags, 'notices.list', async (call) => {
    const answer = await call.request('notices.list', {});
    if (!answer.ok) return answer;
    const listed = answer.value as Listed;
    if (flags.json) shell.print(JSON.stringify(listed, null, 2));
    else for (const line of listText(listed)) shell.print(oneLine(line));
    return ok(undefined);
  });
}

/** `rollcall notices ack ID`. */
export function acknowledgeNotice(
  context: CommandContext,
  noticeId: string,
  flags: TargetFlags,
): Promise<Result<void>> {
  return asking(context, flags, 'notices.acknowledge', async (call) => {
    const answer = await call.request('notices.acknowledge', { noticeId });
    if (!answer.ok) return answer;
    context.shell.print(`acknowledged: ${noticeId}`);
    return ok(undefined);
  });
}

/** `rollcall notices mute --rule NAME --key KEY --for 2h`. */
export function muteNotices(
  context: CommandContext,
  flags: TargetFlags & { readonly rule?: string; readonly key?: string; readonly for: string },
): Promise<Result<void>> {
  return asking(context, flags, 'notices.mute', async (call) => {
    const { rule, key, for: duration } = flags;
    const params = { for: duration, ...(rule !== undefined && { rule }), ...(key !== undefined && { key }) };
    const answer = await call.request('notices.mute', params);
    if (!answer.ok) return answer;
    const { mutes } = answer.value as { readonly mutes: NonNullable<Listed['mutes']> };
    if (mutes.length === 0) context.shell.print('nothing is muted');
    for (const { rule: of = 'every rule', key: who = 'everybody', untilMs } of mutes)
      context.shell.print(oneLine(`muted: ${of}, ${who}, until ${new Date(untilMs).toISOString()}`));
    return ok(undefined);
  });
}

/** `rollcall notices check FILE`: what is wrong, with path and line. */
export function checkNotices(context: CommandContext, file: string): Result<void> {
  const read = readNoticesFile(file);
  if ('problem' in read) return refused(read.problem);
  const rules = rulesOf(read.config);
  const deliveries = read.config.deliveries ?? [];
  context.shell.print(`${file}: ${rules.length} rules, ${deliveries.length} deliveries, nothing wrong`);
  return ok(undefined);
}

/** `rollcall notices test`: the notices that each rule would have made from the journal since then (PN17). */
export function testNotices(
  context: CommandContext,
  flags: TargetFlags & { readonly since: string; readonly file?: string },
): Promise<Result<void>> {
  return asking(context, flags, 'presence.journal', async (call) => {
    const rules = await rulesToTest(call, flags.file);
    if (!rules.ok) return rules;
    for (const rule of rules.value) {
      const answer = await call.request('presence.journal', {
        since: flags.since,
        limit: 10_000,
        ...(rule.who !== undefined && { q: rule.who }),
      });
      if (!answer.ok) return answer;
      const { entries } = answer.value as { readonly entries: readonly JournalEntry[] };
      const replayed = replay(rule, entries);
      context.shell.print(`${rule.name}: ${replayed.length === 0 ? 'nothing' : replayed.length}`);
      for (const [atMs, text] of replayed)
        context.shell.print(oneLine(`  ${new Date(atMs).toISOString()} ${text}`));
    }
    return ok(undefined);
  });
}

async function rulesToTest(
  call: GatewayCall,
  file: string | undefined,
): Promise<Result<readonly NoticeRule[]>> {
  if (file !== undefined) {
    const read = readNoticesFile(file);
    return 'problem' in read ? refused(read.problem) : ok(rulesOf(read.config));
  }
  const answer = await call.request('notices.list', {});
  if (!answer.ok) return answer;
  const { rules } = answer.value as Listed;
  return rules === undefined ? refused('this gateway has no rules: name a file with --file') : ok(rules);
}

/** The notices that a rule makes from the entries that match its `who`, by the engine of the gateway on the clock of the entries. */
export function replay(
  { who: _, quietHours: __, ...rule }: NoticeRule,
  entries: readonly JournalEntry[],
): readonly (readonly [atMs: number, text: string])[] {
  let ids = 0;
  const engine = new NoticeEngine({ rules: compileRules([rule]), newId: () => String(ids++) });
  const texts: [number, string][] = [];
  const note = (notices: readonly Notice[], atMs: number): void => {
    for (const notice of notices) texts.push([atMs, noticeText(noticeMessage(notice, atMs))]);
  };
  const advance = (untilMs: number): void => {
    for (let due = engine.nextDueMonoMs; due !== undefined && due <= untilMs; due = engine.nextDueMonoMs)
      note(engine.advance({ monoMs: due, wallMs: due }), due);
  };
  for (const entry of entries) {
    advance(entry.at);
    const change = changeOf(entry);
    if (change !== undefined) note(engine.take([change], { monoMs: entry.at, wallMs: entry.at }), entry.at);
  }
  advance((entries.at(-1)?.at ?? 0) + 86_400_000);
  return texts;
}

/** The change that an entry stands for, with the parts of the row that it names; `undefined` when it is about no row. */
function changeOf({ kind, key, host, gateways, cause, at }: JournalEntry): Change | undefined {
  const isGateway = kind === 'gateway-up' || kind === 'gateway-unreachable';
  const isAway = kind === 'left' || kind === 'flapping';
  if (kind === 'changed' || kind === 'gateway-started' || kind === 'gateway-stopping') return undefined;
  const common = { key, version: 0, trigger: 'replicated', ...(cause !== undefined && { cause }) } as const;
  if (kind === 'removed') return { kind: 'remove', ...common };
  const view: InstanceView = {
    key,
    ts: at,
    firstSeenAtMs: at,
    sources: {},
    connections: isAway ? 0 : 1,
    ...(host !== undefined && { host }),
    ...(gateways !== undefined && { gateways }),
    ...(isAway && { disconnectedAtMs: at }),
    ...(isGateway && { mode: 'gateway', reason: 'self' }),
    ...(kind === 'gateway-unreachable' && { unreachableSinceMs: at }),
  };
  return { kind: 'upsert', view, ...common };
}

function asking(
  context: CommandContext,
  flags: TargetFlags,
  method: string,
  work: (call: GatewayCall) => Promise<Result<void>>,
): Promise<Result<void>> {
  return withGateway({ context, flags, scopes: scopesFor(method), work });
}

function* listText({
  enabled,
  open = [],
  resolved = [],
  mutes = [],
  deliveries = [],
}: Listed): Generator<string> {
  if (!enabled) {
    yield 'this gateway has no rules: see the setting notices (docs/notices.md)';
    return;
  }
  if (open.length === 0) yield 'nothing is open';
  for (const notice of open) yield `open      ${noticeLine(notice)}`;
  for (const notice of resolved.slice(0, 20)) yield `resolved  ${noticeLine(notice)}`;
  for (const { rule = 'every rule', key = 'everybody', untilMs } of mutes)
    yield `muted     ${rule}, ${key}, until ${new Date(untilMs).toISOString()}`;
  for (const { name, type, state, queued, delivered, dropped, lastProblem } of deliveries) {
    const problem = lastProblem === undefined ? '' : `: ${lastProblem}`;
    yield `delivery  ${name} (${type}) ${state}, ${delivered} delivered, ${queued} queued, ${dropped} given up${problem}`;
  }
}

function noticeLine(notice: Notice): string {
  const { noticeId, rule, severity, sinceMs, acknowledgedBy } = notice;
  const text = noticeText(noticeMessage(notice, sinceMs));
  const by = acknowledgedBy === undefined ? '' : `, acknowledged by ${acknowledgedBy}`;
  return `${new Date(sinceMs).toISOString()} ${severity} ${text} [${rule} ${noticeId}${by}]`;
}
