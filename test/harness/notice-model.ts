import type { CauseCode } from '../../src/core/index.ts';
import { durationMs, type NoticeRule } from '../../src/sinks/notices/notice-rule.ts';

/** The status of a row for the model; `gone` is not listed any more. */
export type ModelStanding = 'present' | 'away' | 'unknown' | 'gone';

/** What happens to one row at a moment, whole seconds from the start. */
export interface ModelEvent {
  readonly atS: number;
  readonly key: string;
  readonly standing: ModelStanding;
  readonly cause: CauseCode;
  /** It is used now. */
  readonly input?: boolean;
  /** Memory in use, percent; the default is 10. */
  readonly memory?: number;
}

/** A notice that was sent, by the model or by the engine. */
export interface SentNotice {
  readonly atS: number;
  readonly rule: string;
  readonly key: string;
  readonly state: 'open' | 'resolved';
  readonly told: number;
}

/** The step of the model, seconds: everything in a history happens at such moments. */
export const modelStepS = 30;

const startOfDayMinutes = 24 * 60;
const flappingLeaves = 5;
const flappingS = 600;
const gatewayGraceS = 120;
const gatewayCodes: readonly CauseCode[] = ['gateway-restart', 'gateway-unreachable'];

/**
 * The notices of rules for a history: moment by moment, every rule and row by itself, each time from the whole history.
 *
 * Slow and plain on purpose: the engine is compared with it. The history starts at midnight UTC; rows of `keys` are
 * nodes unless their key begins with `gw`.
 */
export function modelOf(
  rules: readonly NoticeRule[],
  keys: readonly string[],
  events: readonly ModelEvent[],
  endS: number,
): readonly SentNotice[] {
  return rules.flatMap((rule) => keys.flatMap((key) => oneRuleAndRow(rule, key, events, endS)));
}

interface Episode {
  readonly sinceS: number;
  readonly cause: CauseCode;
  /** Its gateway was lost when it left. */
  readonly lostGateway?: boolean;
}

function oneRuleAndRow(
  rule: NoticeRule,
  key: string,
  all: readonly ModelEvent[],
  endS: number,
): readonly SentNotice[] {
  const isGateway = key.startsWith('gw');
  if (isGateway !== (rule.when === 'gateway-unreachable')) {
    return [];
  }
  const own = all.filter((event) => event.key === key);
  const sent: SentNotice[] = [];
  const send = (atS: number, state: SentNotice['state'], told: number): void =>
    void sent.push({ atS, rule: rule.name, key, state, told });
  const forS =
    durationMs(rule.for ?? (rule.when === 'idle' || rule.when === 'in-use' ? '10m' : '0s')) / 1_000;
  const repeatS = rule.repeat === undefined ? Number.POSITIVE_INFINITY : durationMs(rule.repeat) / 1_000;
  const unless = rule.unless ?? [];
  const fits = rule.who === undefined || rule.who === `key:${key}`;
  let episode: Episode | undefined;
  let open: { told: number; lastS: number } | undefined;
  let isSpent = false;
  for (let atS = 0; atS <= endS; atS += modelStepS) {
    // First what was true until now, then what this moment brings.
    for (const past of [own.filter((event) => event.atS < atS), own.filter((event) => event.atS <= atS)]) {
      const isQuiet = quiet(rule, atS);
      if (rule.when === 'returns' || rule.when === 'appears' || rule.when === 'in-use') {
        const moments = momentsOf(rule.when, past, atS, forS);
        const isNew = moments !== undefined && moments.sinceS !== episode?.sinceS;
        if (moments === undefined) episode = undefined;
        else if (isNew) {
          episode = moments;
          isSpent = false;
        }
        if (episode === undefined || isSpent) continue;
        if (rule.when !== 'in-use' && atS < episode.sinceS + forS) continue;
        isSpent = true;
        if (fits && !isQuiet && (rule.when === 'in-use' || !unless.includes(episode.cause)))
          send(atS, 'resolved', 1);
        continue;
      }
      const now = levelOf(rule, past, atS, forS);
      if (now === undefined) {
        if (episode !== undefined) isSpent = false;
        episode = undefined;
      } else if (episode === undefined || (rule.when === 'idle' && episode.sinceS !== now.sinceS)) {
        episode = now;
        isSpent = false;
      }
      if (open !== undefined && episode === undefined) {
        const isHeld = rule.when === 'leaves' && flapping(past, atS);
        if (isHeld || isQuiet) continue;
        send(atS, 'resolved', open.told + 1);
        open = undefined;
      } else if (open !== undefined && atS >= open.lastS + repeatS && !isQuiet) {
        open = { told: open.told + 1, lastS: atS };
        send(atS, 'open', open.told);
      } else if (open === undefined && episode !== undefined && !isSpent) {
        const graceS = episode.lostGateway === true ? gatewayGraceS : 0;
        if (!fits || atS < episode.sinceS + Math.max(forS, graceS)) continue;
        if (unless.includes(episode.cause)) isSpent = true;
        else if (!isQuiet) {
          open = { told: 1, lastS: atS };
          send(atS, 'open', 1);
        }
      }
    }
  }
  return sent;
}

/** The present episode of a lasting condition. */
function levelOf(
  rule: NoticeRule,
  past: readonly ModelEvent[],
  atS: number,
  forS: number,
): Episode | undefined {
  switch (rule.when) {
    case 'leaves':
      return awayOf(past);
    case 'flapping': {
      if (!flapping(past, atS)) return undefined;
      const last = departures(past).at(-1) as ModelEvent;
      return { sinceS: last.atS, cause: last.cause };
    }
    case 'gateway-unreachable': {
      const last = past.at(-1);
      const found = past.findLast(
        (event, index) => event.standing === 'unknown' && past[index - 1]?.standing !== 'unknown',
      );
      return last?.standing === 'unknown' && found !== undefined
        ? { sinceS: found.atS, cause: found.cause }
        : undefined;
    }
    case 'idle': {
      const input = past.findLast((event) => event.input === true);
      return past.at(-1)?.standing === 'present' && input !== undefined && atS >= input.atS + forS
        ? { sinceS: input.atS, cause: 'unknown' }
        : undefined;
    }
    default: {
      const isAbove = (event: ModelEvent | undefined): boolean =>
        event?.standing === 'present' && (event.memory ?? 10) > (rule.above?.memory ?? 100);
      if (!isAbove(past.at(-1))) return undefined;
      const start = past.findLast((event, index) => isAbove(event) && !isAbove(past[index - 1]));
      return start === undefined ? undefined : { sinceS: start.atS, cause: 'unknown' };
    }
  }
}

/** The latest episode of a momentary event. */
function momentsOf(
  when: NoticeRule['when'],
  past: readonly ModelEvent[],
  atS: number,
  forS: number,
): Episode | undefined {
  if (when === 'in-use') {
    // Inputs of one presence: an absence begins a new one.
    const inputs = past.filter(({ input }) => input === true);
    const last = inputs.at(-1);
    const before = inputs.at(-2);
    if (last === undefined || before === undefined || last.atS > atS) return undefined;
    if (last.atS - before.atS < forS || last.standing !== 'present') return undefined;
    const between = past.filter((event) => event.atS > before.atS && event.atS < last.atS);
    const interruption = between.findLast((event) => event.standing !== 'present');
    if (interruption === undefined) return { sinceS: last.atS, cause: 'unknown' };
    // It was back, and idle, before it was used.
    const isBack = past.some(
      (event) => event.standing === 'present' && event.atS > interruption.atS && event.atS < last.atS,
    );
    return isBack ? { sinceS: last.atS, cause: 'unknown' } : undefined;
  }
  const last = past.findLast((_, index) => isArrival(past, index) !== undefined);
  if (last === undefined) return undefined;
  const index = past.lastIndexOf(last);
  const after = past.slice(index);
  if (after.some(({ standing }) => standing === 'away' || standing === 'gone')) return undefined;
  const kind = isArrival(past, index);
  if (kind?.when !== when) return undefined;
  return { sinceS: last.atS, cause: last.cause };
}

/** Which arrival an event is. */
function isArrival(
  past: readonly ModelEvent[],
  index: number,
): { readonly when: 'appears' | 'returns' | 'silent' } | undefined {
  const event = past[index];
  if (event?.standing !== 'present') return undefined;
  const before = past.slice(0, index);
  if (before.length === 0) return { when: 'appears' };
  const away = awayOf(before);
  if (away === undefined) return undefined;
  return { when: away.lostGateway === true ? 'silent' : 'returns' };
}

/** Since when a row is away: its latest departure, unless it is back. */
function awayOf(past: readonly ModelEvent[]): Episode | undefined {
  const left = departures(past, true).at(-1);
  if (left === undefined) return undefined;
  const index = past.indexOf(left);
  if (past.slice(index + 1).some(({ standing }) => standing === 'present')) return undefined;
  return { sinceS: left.atS, cause: left.cause, lostGateway: lostGateway(past, index) };
}

/** Departures: it was present or unknown, and then it was away or gone. */
function departures(past: readonly ModelEvent[], withGateways = false): readonly ModelEvent[] {
  return past.filter((event, index) => {
    if (event.standing !== 'away' && event.standing !== 'gone') return false;
    if (!withGateways && lostGateway(past, index)) return false;
    const before = past[index - 1];
    return before?.standing === 'present' || before?.standing === 'unknown';
  });
}

/** Its gateway announced it, or its status was unknown before. */
function lostGateway(past: readonly ModelEvent[], index: number): boolean {
  return gatewayCodes.includes(past[index]?.cause ?? 'unknown') || past[index - 1]?.standing === 'unknown';
}

function flapping(past: readonly ModelEvent[], atS: number): boolean {
  const left = departures(past);
  let untilS = Number.NEGATIVE_INFINITY;
  for (const [index, { atS: leftS }] of left.entries()) {
    const first = left[index - flappingLeaves + 1];
    const isOften = first !== undefined && leftS - first.atS <= flappingS;
    if (isOften || leftS < untilS) untilS = leftS + flappingS;
  }
  return atS < untilS;
}

function quiet({ quietHours }: NoticeRule, atS: number): boolean {
  if (quietHours === undefined) return false;
  const minute = Math.floor(atS / 60) % startOfDayMinutes;
  const of = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return minute >= of(quietHours.from) && minute < of(quietHours.to);
}
