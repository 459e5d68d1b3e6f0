import { hash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import type { Holdings, MemberId, Stamp } from '../../core/index.ts';

/** What a member publishes about itself with everything else; every publication is a heartbeat. */
export interface MemberRecord {
  readonly memberId: MemberId;
  /** Name of its machine, for people. */
  readonly host: string;
  /** Its process on that machine. */
  readonly pid: number;
  /** When it started, milliseconds since the epoch on the clock of the cluster. */
  readonly startedAtMs: number;
  /** When this was written, on the same clock. */
  readonly saidAtMs: number;
  /** `left`: it ended in good order, and its connections with it. */
  readonly state: 'live' | 'left';
  /** Everything that it published up to this stamp is in the engine. */
  readonly asOf: Stamp;
  /** Number of the record within this run: which of two records is later (PC14). Absent in older gateways, as all that follows. */
  readonly sequence?: number;
  /** Count and digest of its rows at that stamp: what is missing elsewhere was lost in transit (PC11). */
  readonly holds?: Holdings;
  /** Members that must publish everything they have. */
  readonly asks?: readonly MemberId[];
  /** Identifies the process id namespace of `pid`: the boot of the machine, and the container. */
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
    return hash('sha256', `${boot} ${processes}`, 'hex').slice(0, 16);
  } catch {
    return undefined;
  }
}
