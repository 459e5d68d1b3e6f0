import { type FlappingSteps, packStep, type RowState } from './journal-entry.ts';
import type { Departures, KnownRow } from './known-row.ts';

/** When departures are counted together (PJ6). */
export interface FlappingRules {
  /** Departures within {@link flappingMs} that count as flapping; at least 2. */
  readonly flappingLeaves: number;
  /** The window, milliseconds. */
  readonly flappingMs: number;
}

/** Steps of one entry; after them, and whenever the count has doubled, another entry goes on counting. */
const maxSteps = 100;

/** Records a departure; true when the instance flaps. */
export function recordDeparture(known: KnownRow, atMs: number, rules: FlappingRules): boolean {
  const previousMs = known.departedAtMs;
  known.departedAtMs = atMs;
  // Nearly every departure is the first within the window: its moment alone is kept.
  if (previousMs === undefined || atMs - previousMs > rules.flappingMs) {
    known.departures = undefined;
    return false;
  }
  known.departures ??= { moments: [previousMs], episode: undefined, open: undefined };
  const { departures } = known;
  const { moments } = departures;
  moments.push(atMs);
  if (moments.length > rules.flappingLeaves) moments.shift();
  const sinceMs = moments[0] ?? atMs;
  const isFlapping = moments.length === rules.flappingLeaves && atMs - sinceMs <= rules.flappingMs;
  if (!isFlapping) {
    departures.episode = undefined;
    departures.open = undefined;
  } else if (departures.episode === undefined)
    departures.episode = { sinceMs, count: rules.flappingLeaves, nextCount: 0 };
  else departures.episode.count += 1;
  return isFlapping;
}

/**
 * Adds a departure to the entry that counts them.
 *
 * @returns the step, or `undefined` when there has to be a new entry, see {@link flappingSteps}.
 */
export function departureStep({ departures }: KnownRow, atMs: number, state: RowState): number | undefined {
  const flapping = departures?.open?.extra?.flapping;
  const episode = departures?.episode;
  if (flapping === undefined || episode === undefined) return undefined;
  if (flapping.steps.length >= maxSteps || episode.count >= episode.nextCount) return undefined;
  flapping.count = episode.count;
  flapping.untilMs = atMs;
  return addStep(flapping, atMs, state);
}

/** Adds a return; `undefined` when it is an entry of its own, because the instance does not flap (any more). */
export function returnStep(
  { departures }: KnownRow,
  atMs: number,
  state: RowState,
  rules: FlappingRules,
): number | undefined {
  const flapping = departures?.open?.extra?.flapping;
  if (flapping === undefined || atMs - flapping.untilMs > rules.flappingMs) return undefined;
  return addStep(flapping, atMs, state);
}

/** What a new `flapping` entry begins with. */
export function flappingSteps({ episode }: Departures, atMs: number): FlappingSteps {
  if (episode === undefined) throw new TypeError('the instance does not flap');
  episode.nextCount = 2 * episode.count;
  return { sinceMs: episode.sinceMs, untilMs: atMs, count: episode.count, steps: [] };
}

function addStep(flapping: FlappingSteps, atMs: number, state: RowState): number {
  const step = packStep(atMs, state);
  flapping.steps.push(step);
  return step;
}
