/**
 * One reading of both clocks, taken together.
 *
 * The core never reads a clock: whoever calls it passes the moment in. Age and order come from `monoMs`,
 * what people see comes from `wallMs` (PT4).
 */
export interface Instant {
  /** Milliseconds on a clock that never runs backwards and, where the platform can, counts time asleep. */
  readonly monoMs: number;
  /** Milliseconds since the Unix epoch, as the machine's clock says; may jump either way. */
  readonly wallMs: number;
}
