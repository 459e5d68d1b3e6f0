import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import type { Holdings, MemberId, Stamp } from '../../core/index.ts';

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
  /** Counts what this run said about itself: which of two records is later (PC14). Absent in older gateways, as all that follows. */
  readonly sequence?: number;
  /** What it has at that stamp: what is missing elsewhere was lost on the way (PC11). */
  readonly holds?: Holdings;
  /** Members that are asked to publish everything they have. */
  readonly asks?: readonly MemberId[];
  /** Names the processes among which `pid` is one: a start of a machine, and a container on it. */
  readonly place?: string;
}

/**
 * Identifies the process id namespace: the boot of the machine, and the container. Two processes with the same value can check
 * whether the other runs; `undefined` where it cannot be read (PC17).
 */
export function processPlace(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const processes = readlinkSync('/proc/self/ns/pid');
    return createHash('sha256').update(`${boot} ${processes}`).digest('hex').slice(0, 16);
  } catch {
    return undefined;
  }
}
