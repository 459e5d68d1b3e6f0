/** Reads the time since the last input on this machine. */
export interface IdleSource {
  /** Short word for logs, for example `x11`. */
  readonly name: string;
  /**
   * Whole seconds since the last input, or undefined when it is unknown at this moment.
   *
   * Rejects when the source is lost for good (its server is gone): close it and choose again.
   */
  idleSeconds(): Promise<number | undefined>;
  /** Releases what the source holds open. Safe to call twice. */
  close(): void;
}

/** A source that cannot be used here; `missing` is the reason and, where it helps, what to do. */
export interface MissingSource {
  readonly missing: string;
}

/** One kind of source, not opened yet. */
export interface IdleProbe {
  readonly name: string;
  /** Opens the source and proves that it answers. Expected obstacles are a `MissingSource`, not an error. */
  open(): Promise<IdleSource | MissingSource>;
}

/** Whole, non-negative seconds from a duration in milliseconds: clocks that disagree never make it negative. */
export function wholeSeconds(durationMs: number): number {
  return Math.max(0, Math.floor(durationMs / 1000));
}
