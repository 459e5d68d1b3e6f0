import type { MemberId, Stamp } from '../../core/index.ts';

/** What a member says about itself with everything that it publishes; a publication is a sign of life. */
export interface MemberRecord {
  readonly memberId: MemberId;
  /** Name of its machine, for people. */
  readonly host: string;
  /** Its process on that machine. */
  readonly pid: number;
  /** When it started, milliseconds since the epoch on the clock of the cluster. */
  readonly startedAtMs: number;
  /** When it said this, on the same clock. */
  readonly saidAtMs: number;
  /** `left`: it ended in good order, and its connections with it. */
  readonly state: 'live' | 'left';
  /** Everything that it said up to this stamp is in the engine. */
  readonly asOf: Stamp;
}
