/** Bounds and modes of a roster; each has the default of the SPEC. */
export interface RosterOptions {
  /** Age in milliseconds beyond which a row is pruned; default 300 000 (PT1). */
  readonly ttlMs?: number;
  /** Most rows, the gateway's own included; default 200 (PT3). */
  readonly maxEntries?: number;
  /** Modes that never become a row, in any case; default `['cli']` (PR4). */
  readonly hiddenModes?: readonly string[];
  /** Modes whose row goes away with its last connection, in any case; default `['probe', 'backend', 'viewer']` (PR4). */
  readonly transientModes?: readonly string[];
}

/** Options with every default filled in; modes are keys. */
export interface RosterRules {
  readonly ttlMs: number;
  readonly maxEntries: number;
  readonly hiddenModes: ReadonlySet<string>;
  readonly transientModes: ReadonlySet<string>;
}

/** Checks options and fills in defaults; throws `TypeError` for a bound that is no positive whole number. */
export function rosterRules(options: RosterOptions): RosterRules {
  const { ttlMs = 300_000, maxEntries = 200 } = options;
  requirePositive('ttlMs', ttlMs);
  requirePositive('maxEntries', maxEntries);
  return {
    ttlMs,
    maxEntries,
    hiddenModes: modeKeys(options.hiddenModes ?? ['cli']),
    transientModes: modeKeys(options.transientModes ?? ['probe', 'backend', 'viewer']),
  };
}

function requirePositive(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new TypeError(`${name} must be a positive whole number, got ${value}`);
  }
}

function modeKeys(modes: readonly string[]): ReadonlySet<string> {
  return new Set(modes.map((mode) => mode.trim().toLowerCase()));
}
