import { Type } from 'typebox';
import { nearest, ok, presenceKey, type Result } from '../../core/index.ts';
import { LIMITS } from '../../protocol/index.ts';
import { foldText, type PresenceState, presenceStateOf } from '../../viewer/index.ts';
import { presenceJournal } from '../operations/presence-journal.ts';
import { presenceList } from '../operations/presence-list.ts';
import { quoted } from './client-text.ts';
import { departedWithin, departureSentence } from './find-instance.ts';
import {
  callPresenceJournal,
  EntryReportSchema,
  entryReport,
  entrySentence,
  type JournalAnswer,
} from './journal-words.ts';
import { type CallOperation, defineTool, isoSchema, type McpTool } from './mcp-tool.ts';
import { callPresenceList, type DepartedRow, phrase, type RosterAnswer } from './roster-answer.ts';
import { iso, nameOfRow, RowReportSchema, rowReport, rowSentence } from './row-report.ts';
import { momentWords } from './time-words.ts';

/** How much of the past of an instance is listed. */
const historyWithin = '24h';
const historyEntries = 10;
/** Most matches that are named. */
const maxCandidates = 10;

const verdicts = ['present', 'absent', 'not-known', 'several'] as const;
type Verdict = (typeof verdicts)[number];

/** What is stated of a row that is listed. */
const verdictOf: Readonly<Record<PresenceState, Verdict>> = {
  online: 'present',
  reporting: 'present',
  idle: 'present',
  stale: 'absent',
  disconnected: 'absent',
  unreachable: 'not-known',
};

export const explainAbsence: McpTool = defineTool({
  name: 'explain_absence',
  title: 'Explain an absence',
  description:
    'Says whether an instance is away, since when and why: why its connection ended, whether its gateway cannot be reached, how often it left lately. Call it for "why is camera offline?", "where did the build machine go?".',
  operations: [presenceList, presenceJournal],
  input: {
    who: Type.String({
      minLength: 1,
      maxLength: LIMITS.maxWordLength,
      description: 'Name, host or key of the instance, or words that occur in it.',
    }),
  },
  output: Type.Object({
    asOf: isoSchema,
    verdict: Type.Enum([...verdicts], {
      description:
        'several: more than one fits. not-known: never heard of, or its gateway cannot be reached.',
    }),
    rows: Type.Array(RowReportSchema),
    history: Type.Array(EntryReportSchema, { description: 'Its latest comings and goings within 24 hours.' }),
    departures: Type.Integer({ minimum: 0, description: 'How often it left within 24 hours.' }),
  }),
  async run(args, call) {
    const { who } = args as { readonly who: string };
    const listed = await find(call, who, {});
    if (!listed.ok) return listed;
    const past =
      listed.value.rows.length > 0 ? undefined : await find(call, who, { departed: departedWithin });
    // A gateway without a journal has no departures.
    const found = past?.ok === true && past.value.rows.length > 0 ? past.value : listed.value;
    const { nowMs } = found;
    const rows = found.rows.slice(0, maxCandidates);
    const [row] = rows;
    const isDeparted = found !== listed.value;
    if (row === undefined || rows.length > 1) {
      const verdict: Verdict = row === undefined ? 'not-known' : 'several';
      return ok({
        text:
          row === undefined ? await unknownText(call, who, past) : severalText(who, rows, isDeparted, nowMs),
        data: {
          asOf: iso(nowMs),
          verdict,
          rows: rows.map((each) => rowReport(each, nowMs)),
          history: [],
          departures: 0,
        },
      });
    }
    const journal = await readHistory(call, row);
    const entries = journal.ok ? journal.value.entries : [];
    const departures = departuresIn(entries);
    const history = entries.slice(-historyEntries);
    const verdict = isDeparted ? 'absent' : verdictOf[presenceStateOf(row, nowMs)];
    const sentence = isDeparted ? departureSentence(row, nowMs) : rowSentence(row, nowMs);
    const lines = [
      `${verdictText(verdict, row)} ${sentence}`,
      ...(row.annotations?.expected === true ? ['The operator expects it to be here.'] : []),
      ...(journal.ok
        ? [`Within the last 24 hours it left ${departures === 1 ? 'once' : `${departures} times`}.`]
        : ['This gateway tells nothing of the past.']),
      ...history.map((entry) => `- ${entrySentence(entry, nowMs)}`),
    ];
    return ok({
      text: lines.join('\n'),
      data: {
        asOf: iso(nowMs),
        verdict,
        rows: [rowReport(row, nowMs)],
        history: history.map(entryReport),
        departures,
      },
    });
  },
});

/** Rows by key or name where these fit exactly, else those in which the words occur. */
async function find(call: CallOperation, who: string, more: object): Promise<Result<RosterAnswer, string>> {
  const asQuery = await callPresenceList(call, { ...more, q: who });
  const answer = asQuery.ok ? asQuery : await callPresenceList(call, { ...more, q: phrase(who) });
  if (!answer.ok) return answer;
  const name = foldText(who.trim());
  const exact = answer.value.rows.filter(
    (row) =>
      row.key === presenceKey(who) || foldText(nameOfRow(row)) === name || foldText(row.host ?? '') === name,
  );
  return ok({ ...answer.value, rows: exact.length > 0 ? exact : answer.value.rows });
}

function readHistory(call: CallOperation, row: DepartedRow): Promise<Result<JournalAnswer, string>> {
  const kinds = ['joined', 'left', 'returned', 'removed', 'flapping'];
  return callPresenceJournal(call, { who: row.key ?? '', since: historyWithin, kinds, limit: 1_000 });
}

/** One of several entries about the same departures counts for all of them. */
function departuresIn(entries: JournalAnswer['entries']): number {
  const flapping = Math.max(0, ...entries.flatMap(({ count }) => (count === undefined ? [] : [count])));
  return Math.max(flapping, entries.filter(({ kind }) => kind === 'left').length);
}

function verdictText(verdict: Verdict, row: DepartedRow): string {
  const name = quoted(nameOfRow(row));
  if (verdict === 'present') return `${name} is not absent.`;
  return verdict === 'absent' ? `${name} is absent.` : `Nobody can tell whether ${name} is absent.`;
}

function severalText(who: string, rows: readonly DepartedRow[], isDeparted: boolean, nowMs: number): string {
  const sentence = isDeparted ? departureSentence : rowSentence;
  const lines = rows.map((row) => `- ${sentence(row, nowMs)}`);
  return [`${rows.length} fit ${quoted(who)}; ask again with the name or key of one.`, ...lines].join('\n');
}

async function unknownText(
  call: CallOperation,
  who: string,
  past: Result<RosterAnswer, string> | undefined,
): Promise<string> {
  const all = await callPresenceList(call, {});
  const names = all.ok ? all.value.rows.map(nameOfRow) : [];
  const close = nearest(who, names);
  const cutOffAtMs = past?.ok === true ? past.value.cutOffAtMs : undefined;
  const since =
    cutOffAtMs === undefined || !past?.ok
      ? 'has left within 7 days'
      : `has left since ${momentWords(cutOffAtMs, past.value.nowMs)}, where the journal begins`;
  const before = past?.ok === true ? `nobody who fits ${since}` : 'this gateway tells nothing of the past';
  const hint = close === undefined ? '' : ` ${quoted(close)} is spelt like it.`;
  return `Nothing is known of ${quoted(who)}: it is not listed, and ${before}.${hint}`;
}
