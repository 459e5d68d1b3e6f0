import { Type } from 'typebox';
import { ok } from '../../core/index.ts';
import { LIMITS } from '../../protocol/index.ts';
import { presenceList } from '../operations/presence-list.ts';
import { quoted } from './client-text.ts';
import { defaultLimit, defineTool, isoSchema, limitParameter, type McpTool } from './mcp-tool.ts';
import { callPresenceList, type DepartedRow } from './roster-answer.ts';
import { causeWords, iso, nameOfRow, RowReportSchema, rowReport, rowSentence } from './row-report.ts';
import { momentWords } from './time-words.ts';

/** How far back departures are looked up. */
export const departedWithin = '7d';

export const findInstance: McpTool = defineTool({
  name: 'find_instance',
  title: 'Find an instance',
  description:
    'Everything that is known of the instances that fit a query: words that occur in any field, "a phrase", field:value,value, -negation, durations such as last-input:>5m. Fields are state, mode, host, name, owner, label, gateway, ip, version, platform and more. When nothing fits now, those who left within 7 days are looked up.',
  operations: [presenceList],
  input: {
    query: Type.String({
      minLength: 1,
      maxLength: LIMITS.maxWordLength,
      description: 'For example camera, mode:node -state:online, owner:anna, label:"front desk".',
    }),
    ...limitParameter,
  },
  output: Type.Object({
    asOf: isoSchema,
    found: Type.Integer({ minimum: 0 }),
    leftOut: Type.Integer({ minimum: 0 }),
    rows: Type.Array(RowReportSchema),
    departed: Type.Array(RowReportSchema, { description: 'Who left and fits, when no row of now does.' }),
  }),
  async run(args, call) {
    const { query, limit = defaultLimit } = args as { readonly query: string; readonly limit?: number };
    const answer = await callPresenceList(call, { q: query });
    if (!answer.ok) return answer;
    const { rows, nowMs } = answer.value;
    const shown = rows.slice(0, limit);
    const past =
      rows.length > 0 ? undefined : await callPresenceList(call, { q: query, departed: departedWithin });
    const departed = past?.ok === true ? past.value.rows.slice(0, limit) : [];
    const lines = [
      rows.length === 0
        ? `No instance fits ${quoted(query)} now.`
        : `${rows.length === 1 ? '1 instance fits' : `${rows.length} instances fit`} ${quoted(query)}${rows.length > shown.length ? `, ${shown.length} are shown` : ''}.`,
      ...shown.flatMap((row) => [`- ${rowSentence(row, nowMs)}`, ...factLines(rowReport(row, nowMs))]),
      ...departed.map((row) => `- ${departureSentence(row, nowMs)}`),
    ];
    return ok({
      text: lines.join('\n'),
      data: {
        asOf: iso(nowMs),
        found: rows.length,
        leftOut: rows.length - shown.length,
        rows: shown.map((row) => rowReport(row, nowMs)),
        departed: departed.map((row) => rowReport(row, nowMs)),
      },
    });
  },
});

/** That and why a row is not listed any more. */
export function departureSentence(row: DepartedRow, nowMs: number): string {
  const { leftAtMs = row.ts, lastSeenMs, cause } = row;
  const seen =
    lastSeenMs === undefined ? '' : `; it was heard from last at ${momentWords(lastSeenMs, nowMs)}`;
  return `${quoted(nameOfRow(row))} left at ${momentWords(leftAtMs, nowMs)}${causeWords(cause, ': ')}${seen}.`;
}

/** What others wrote of a row, a fact a line. */
function factLines(report: object): readonly string[] {
  const { said, uri } = report as { readonly said: object; readonly uri: string };
  const facts = Object.entries(said).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`);
  return [...facts, `    resource: ${uri}`];
}
