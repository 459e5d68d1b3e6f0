import { Type } from 'typebox';
import { ok } from '../../core/index.ts';
import { isGatewayRow, type PresenceState, presenceStateOf, presenceStates } from '../../viewer/index.ts';
import { presenceList } from '../operations/presence-list.ts';
import {
  defaultLimit,
  defineTool,
  isoSchema,
  limitParameter,
  type McpTool,
  parametersOf,
} from './mcp-tool.ts';
import { callPresenceList } from './roster-answer.ts';
import { iso, RowReportSchema, rowReport, rowSentence } from './row-report.ts';
import { utcText } from './time-words.ts';

const count = Type.Integer({ minimum: 0 });
/** States of rows that are not here; without a query they are counted and not listed. */
const away: ReadonlySet<PresenceState> = new Set(['disconnected', 'unreachable']);

export const whoIsHere: McpTool = defineTool({
  name: 'who_is_here',
  title: 'Who is here',
  description:
    'Lists the machines and programs (instances) that a presence gateway sees now, and how many are in each state. Call it for "who is online?", "how many nodes are connected?". With q or state it lists what fits, else everything but the disconnected and unreachable, which are counted.',
  operations: [presenceList],
  input: { ...parametersOf(presenceList, 'q', 'state', 'mode', 'gateway'), ...limitParameter },
  output: Type.Object({
    asOf: isoSchema,
    instances: { ...count, description: 'Rows that fit, gateways not counted.' },
    gateways: count,
    states: Type.Record(Type.String(), count, { description: 'Instances in each state.' }),
    rosterIsFull: Type.Boolean({ description: 'The gateway dropped rows for want of room.' }),
    leftOut: { ...count, description: 'Rows that fit and are not listed here.' },
    rows: Type.Array(RowReportSchema),
  }),
  async run(args, call) {
    const { limit = defaultLimit, ...filter } = args as {
      readonly limit?: number;
      readonly [name: string]: unknown;
    };
    const answer = await callPresenceList(call, filter);
    if (!answer.ok) return answer;
    const { rows, nowMs, truncated } = answer.value;
    const isFiltered = filter['q'] !== undefined || filter['state'] !== undefined;
    const wanted = isFiltered ? rows : rows.filter((row) => !away.has(presenceStateOf(row, nowMs)));
    const shown = wanted.slice(0, limit);
    const leftOut = wanted.length - shown.length;
    const instances = rows.filter((row) => !isGatewayRow(row));
    const states = Object.fromEntries(presenceStates.map((state) => [state, 0])) as Record<
      PresenceState,
      number
    >;
    for (const row of instances) states[presenceStateOf(row, nowMs)] += 1;
    const gateways = rows.length - instances.length;
    const shares = presenceStates
      .filter((state) => states[state] > 0)
      .map((state) => `${states[state]} ${state}`);
    const lines = [
      `At ${utcText(nowMs)}: ${counted(instances.length, 'instance')} (${shares.join(', ') || 'none'}) and ${counted(gateways, 'gateway')}.`,
      ...(truncated ? ['The roster is full: the gateway dropped the oldest rows.'] : []),
      ...shown.map((row) => `- ${rowSentence(row, nowMs)}`),
      ...(leftOut > 0
        ? [`${leftOut} more are not listed: narrow it by q, state or mode, or raise limit.`]
        : []),
    ];
    return ok({
      text: lines.join('\n'),
      data: {
        asOf: iso(nowMs),
        instances: instances.length,
        gateways,
        states,
        rosterIsFull: truncated,
        leftOut,
        rows: shown.map((row) => rowReport(row, nowMs)),
      },
    });
  },
});

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
