import { type TSchema, Type } from 'typebox';
import { err, ok, type Result } from '../../core/index.ts';
import { optional } from '../../protocol/index.ts';
import { type JournalEntry, type JournalKind, journalKinds } from '../../sinks/index.ts';
import { clientText, clientValue, quoted } from './client-text.ts';
import { type CallOperation, isoSchema } from './mcp-tool.ts';
import { causeWords, instanceUri, iso } from './row-report.ts';
import { momentWords } from './time-words.ts';

/** What `presence.journal` answered. */
export interface JournalAnswer {
  readonly entries: readonly JournalEntry[];
  readonly cursor: string;
  /** Complete only since then. */
  readonly cutOffAtMs?: number;
}

/** Reads entries; `params` are those of `presence.journal`. */
export async function callPresenceJournal(
  call: CallOperation,
  params: object,
): Promise<Result<JournalAnswer, string>> {
  const answer = await call('presence.journal', params);
  if (!answer.ok) return answer;
  const { entries, cursor } = (answer.value ?? {}) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(entries) || typeof cursor !== 'string')
    return err('The gateway did not answer with entries of its journal.');
  return ok(answer.value as JournalAnswer);
}

/** Schema of {@link entryReport}. */
export const EntryReportSchema: TSchema = Type.Object({
  at: isoSchema,
  kind: Type.Enum([...journalKinds]),
  uri: Type.String({ description: 'Resource of the instance, while it is listed.' }),
  cause: optional(Type.String()),
  lastSeenAt: optional(isoSchema),
  departures: optional(Type.Integer({ minimum: 1, description: 'Of one that flaps.' })),
  said: Type.Object({
    key: Type.String(),
    host: optional(Type.String()),
    gateways: optional(Type.Array(Type.String())),
    causeEvidence: optional(Type.String()),
    previous: optional(Type.Record(Type.String(), Type.Unknown())),
    current: optional(Type.Record(Type.String(), Type.Unknown())),
  }),
});

/** An entry as data. */
export function entryReport(entry: JournalEntry): object {
  const { at, kind, key, host, gateways, cause, previous, current, lastSeenMs, count } = entry;
  return {
    at: iso(at),
    kind,
    uri: instanceUri(key),
    ...(cause !== undefined && { cause: clientText(cause.code) }),
    ...(lastSeenMs !== undefined && { lastSeenAt: iso(lastSeenMs) }),
    ...(count !== undefined && { departures: count }),
    said: {
      key: clientText(key),
      ...(host !== undefined && { host: clientText(host) }),
      ...(gateways !== undefined && { gateways: gateways.map(clientText) }),
      ...(cause?.evidence !== undefined && { causeEvidence: clientText(cause.evidence) }),
      ...(previous !== undefined && { previous: clientValue(previous) }),
      ...(current !== undefined && { current: clientValue(current) }),
    },
  };
}

const kindWords: Readonly<Record<JournalKind, string>> = {
  joined: 'appeared',
  left: 'disconnected',
  returned: 'came back',
  changed: 'changed',
  removed: 'was removed from the list',
  flapping: 'comes and goes',
  'gateway-up': 'can be reached again (gateway)',
  'gateway-unreachable': 'cannot be reached (gateway)',
  'gateway-started': 'started (gateway)',
  'gateway-stopping': 'stops (gateway)',
};

/** An entry in one sentence: when, who, what and why. */
export function entrySentence(entry: JournalEntry, nowMs: number): string {
  const { at, kind, host, key, cause, count, sinceMs, lastSeenMs } = entry;
  const parts = [
    `${momentWords(at, nowMs)}: ${quoted(host ?? key)} ${kindWords[kind]}${differenceWords(entry)}${causeWords(cause, ': ')}`,
    count === undefined || sinceMs === undefined
      ? ''
      : `it left ${count} times since ${momentWords(sinceMs, nowMs)}`,
    lastSeenMs === undefined ? '' : `it was heard from last at ${momentWords(lastSeenMs, nowMs)}`,
  ];
  return `${parts.filter((part) => part !== '').join('; ')}.`;
}

function differenceWords({ kind, previous, current }: JournalEntry): string {
  if (kind !== 'changed' || previous === undefined) return '';
  const after: Readonly<Record<string, unknown>> = current ?? {};
  const parts = Object.entries(previous).map(
    ([part, before]) => `${clientText(part)} from ${valueWords(before)} to ${valueWords(after[part])}`,
  );
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
}

function valueWords(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return Array.isArray(value) ? value.map((item) => quoted(String(item))).join(', ') : quoted(String(value));
}
