import { Type } from 'typebox';
import { ok } from '../../core/index.ts';
import { optional } from '../../protocol/index.ts';
import { presenceJournal } from '../operations/presence-journal.ts';
import { presenceList } from '../operations/presence-list.ts';
import { callPresenceJournal, EntryReportSchema, entryReport, entrySentence } from './journal-words.ts';
import {
  defaultLimit,
  defineTool,
  isoSchema,
  limitParameter,
  type McpTool,
  parametersOf,
} from './mcp-tool.ts';
import { callPresenceList } from './roster-answer.ts';
import { iso } from './row-report.ts';
import { momentWords, utcText } from './time-words.ts';

/** Entries that are counted; of these the latest are listed. */
const countedEntries = 1_000;
const defaultSince = '1h';
/** A query that matches no row: its answer holds nothing but the gateway's clock. */
const noRows = { q: 'state:unreachable -state:unreachable' };

export const whatChanged: McpTool = defineTool({
  name: 'what_changed',
  title: 'What changed',
  description:
    'Who came, who went, and why, from the journal of the gateway: since a moment (default 1h), oldest first. Call it for "what happened last night?", "who left since 9:00?". The answer has a cursor: give it back to get only what happened after.',
  operations: [presenceJournal, presenceList],
  input: {
    ...parametersOf(presenceJournal, 'since', 'until', 'q', 'kinds', 'cursor'),
    ...limitParameter,
  },
  output: Type.Object({
    asOf: isoSchema,
    completeSince: optional({ ...isoSchema, description: 'Nothing is known before.' }),
    entries: Type.Array(EntryReportSchema),
    leftOut: Type.Integer({ minimum: 0, description: 'Earlier entries that fit and are not listed.' }),
    kinds: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), { description: 'Entries of each kind.' }),
    isMore: Type.Boolean({ description: 'Later entries are at the cursor.' }),
    cursor: Type.String(),
  }),
  async run(args, call) {
    const { limit = defaultLimit, ...wanted } = args as {
      readonly limit?: number;
      readonly [name: string]: unknown;
    };
    const isOpen = wanted['since'] === undefined && wanted['cursor'] === undefined;
    const asked = { ...(isOpen && { since: defaultSince }), ...wanted, limit: countedEntries };
    const answer = await callPresenceJournal(call, asked);
    if (!answer.ok) return answer;
    const clock = await callPresenceList(call, noRows);
    if (!clock.ok) return clock;
    const { nowMs } = clock.value;
    const { entries, cursor, cutOffAtMs } = answer.value;
    const shown = entries.slice(-limit);
    const leftOut = entries.length - shown.length;
    const kinds = new Map<string, number>();
    for (const { kind } of entries) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const isMore = entries.length === countedEntries;
    const shares = [...kinds].map(([kind, number]) => `${number} ${kind}`);
    const lines = [
      entries.length === 0
        ? `At ${utcText(nowMs)}: nothing changed.`
        : `At ${utcText(nowMs)}: ${entries.length} changes (${shares.join(', ')}).`,
      ...(cutOffAtMs === undefined ? [] : [`Nothing is known before ${momentWords(cutOffAtMs, nowMs)}.`]),
      ...(leftOut > 0
        ? [`${leftOut} earlier changes are not listed: ask with a later since, or raise limit.`]
        : []),
      ...shown.map((entry) => `- ${entrySentence(entry, nowMs)}`),
      ...(isMore ? ['There may be more: ask again with the cursor.'] : []),
    ];
    return ok({
      text: lines.join('\n'),
      data: {
        asOf: iso(nowMs),
        ...(cutOffAtMs !== undefined && { completeSince: iso(cutOffAtMs) }),
        entries: shown.map(entryReport),
        leftOut,
        kinds: Object.fromEntries(kinds),
        isMore,
        cursor,
      },
    });
  },
});
