import { parseArgs } from 'node:util';

/** How long to go on, and from which seed. */
export interface Plan {
  /** How long the load lasts in all, milliseconds. */
  readonly loadMs: number;
  /** The load comes in rounds; after each the gateway is left alone and its memory is read. */
  readonly roundMs: number;
  readonly seed: number;
  readonly timing: GatewayTiming;
  /** Most that memory may grow from the first round to the last; a short first round is not warm yet. */
  readonly maxGrowth: number;
}

/** Times of the gateway under test: shorter than the defaults, so that rows come and go while it is watched. */
export interface GatewayTiming {
  readonly pingIntervalMs: number;
  readonly renewalMs: number;
  readonly ttlMs: number;
}

const usage =
  'usage: npm run soak -- [--minutes N] [--seed S]  (N from 0.1 to 10080, default 10; S a whole number)';

/** Reads the command line. Throws `TypeError` that says what to write. */
export function soakPlan(args: readonly string[]): Plan {
  const options = { minutes: { type: 'string' }, seed: { type: 'string' } } as const;
  const { values } = parsed(() => parseArgs({ args: [...args], options }));
  const minutes = Number(values.minutes ?? 10);
  const seed = Number(values.seed ?? 1);
  if (!(minutes >= 0.1 && minutes <= 10_080) || !Number.isSafeInteger(seed)) throw new TypeError(usage);
  const loadMs = Math.round(minutes * 60_000);
  const isLong = minutes >= 3;
  return {
    loadMs,
    roundMs: isLong ? 60_000 : Math.ceil(loadMs / 3),
    seed,
    maxGrowth: isLong ? 0.1 : 0.3,
    timing: isLong
      ? { pingIntervalMs: 5_000, renewalMs: 10_000, ttlMs: 30_000 }
      : { pingIntervalMs: 2_500, renewalMs: 2_500, ttlMs: 6_000 },
  };
}

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new TypeError(`${(error as Error).message}\n${usage}`);
  }
}
