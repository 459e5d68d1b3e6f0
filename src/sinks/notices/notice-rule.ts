import { type CauseCode, causeCodes } from '../../core/index.ts';
import { everyRow, parseQuery, type Query } from '../../viewer/index.ts';
import { QuietClock, type QuietHours } from './quiet-hours.ts';

/** What a rule waits for (PN2). */
export const noticeEvents = [
  'leaves',
  'returns',
  'appears',
  'idle',
  'in-use',
  'gateway-unreachable',
  'flapping',
  'host-stats',
] as const;

export type NoticeEvent = (typeof noticeEvents)[number];

export const severities = ['info', 'warning', 'critical'] as const;

export type Severity = (typeof severities)[number];

/** Bounds of `host-stats`; one that is exceeded is enough. */
export interface HostBounds {
  /** Memory in use, percent. */
  readonly memory?: number;
  /** Disk in use, percent. */
  readonly disk?: number;
  /** Load average of one minute, per processor. */
  readonly load?: number;
}

/** One rule, as the configuration has it (PN1). */
export interface NoticeRule {
  /** Unique; shown with every notice. */
  readonly name: string;
  readonly when: NoticeEvent;
  /** Which instances, in the query language; default all. */
  readonly who?: string;
  /** Only if the condition is still met after this long, for example `2m`; default 0. For `idle` and `in-use` how long it was not used; default `10m`. */
  readonly for?: string;
  /** Not for these causes. */
  readonly unless?: readonly CauseCode[];
  readonly quietHours?: QuietHours;
  /** How often the notice is repeated while the condition is met and it is not acknowledged; default never. */
  readonly repeat?: string;
  /** Default `critical` for a gateway, `info` for returns, appearances and use, else `warning`. */
  readonly severity?: Severity;
  /** For `host-stats`. */
  readonly above?: HostBounds;
}

/** A rule that can be evaluated. */
export interface CompiledRule {
  /** As it was configured. */
  readonly source: NoticeRule;
  readonly name: string;
  readonly when: NoticeEvent;
  readonly who: Query;
  readonly forMs: number;
  readonly unless: ReadonlySet<CauseCode>;
  readonly quiet: QuietClock | undefined;
  readonly repeatMs: number | undefined;
  readonly severity: Severity;
  readonly above: HostBounds;
  /** True for events without an end: returns, appears, in-use. */
  readonly isMomentary: boolean;
}

/** The rules of one word, for those who want to be notified of what matters and set nothing (PN1). */
export const defaultRules: readonly NoticeRule[] = [
  { name: 'gateway-unreachable', when: 'gateway-unreachable', for: '1m', unless: ['gateway-restart'] },
  {
    name: 'node-left',
    when: 'leaves',
    who: 'mode:node',
    for: '2m',
    unless: ['slept', 'shut-down', 'removed', 'replaced'],
  },
  { name: 'flapping', when: 'flapping' },
  { name: 'host-full', when: 'host-stats', above: { memory: 95, disk: 95 }, for: '5m' },
];

const durationUnits: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** How durations are written: `30s`, `2m`, `1h`, `7d`. */
export const durationPattern = '^\\d{1,5}[smhd]$';

/** Milliseconds of a duration that fits {@link durationPattern}. */
export function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * (durationUnits[text.slice(-1)] ?? Number.NaN);
}

const momentary: ReadonlySet<NoticeEvent> = new Set(['returns', 'appears', 'in-use']);

/** Compiles rules for evaluation; they must have been checked before. */
export function compileRules(rules: readonly NoticeRule[]): readonly CompiledRule[] {
  return rules.map((rule) => compileRule(rule));
}

function compileRule(rule: NoticeRule): CompiledRule {
  const { name, when, who, unless = [], quietHours, repeat, above = {} } = rule;
  const query = who === undefined ? undefined : parseQuery(who);
  if (query?.ok === false) throw new TypeError(`rule ${name}: ${query.error.message}`);
  return {
    source: rule,
    name,
    when,
    who: query === undefined ? everyRow : query.value,
    forMs: durationMs(rule.for ?? (when === 'idle' || when === 'in-use' ? '10m' : '0s')),
    unless: new Set(unless),
    quiet: quietHours === undefined ? undefined : new QuietClock(quietHours),
    repeatMs: repeat === undefined ? undefined : durationMs(repeat),
    severity: rule.severity ?? defaultSeverity(when),
    above,
    isMomentary: momentary.has(when),
  };
}

function defaultSeverity(when: NoticeEvent): Severity {
  if (when === 'gateway-unreachable') return 'critical';
  return momentary.has(when) ? 'info' : 'warning';
}

/** Codes of causes that a rule can name. */
export const knownCauses: readonly CauseCode[] = causeCodes;
