import { type Contribution, gatewayIdOf, type Logger, type MemberId } from '../../core/index.ts';
import { type RowProblem, rowProblem } from './row-limits.ts';

/** What was refused of a member. */
export interface Refusals {
  /** Rows since this gateway started. */
  readonly rows: number;
  readonly code: RowProblem['code'] | 'UNREADABLE';
  readonly message: string;
  /** When the last one came, monotonic. */
  readonly lastMonoMs: number;
}

/** Contributions that can be used, and those that cannot. */
export interface Taken {
  readonly usable: readonly Contribution[];
  readonly refused: readonly Contribution[];
}

/** Most members of which refusals are kept. */
const maxMembers = 1_000;

/**
 * Receives what an engine emits: a bad row costs that row, is counted for the member that it is of, and named in the log when
 * it is the first of its kind (PC15).
 */
export class RowIntake {
  readonly #logger: Logger;
  readonly #refusals = new Map<MemberId, Refusals>();
  #total = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Rows that were refused since the start. */
  get total(): number {
    return this.#total;
  }

  /** @param latestMs the latest moment that is possible. */
  take(contributions: readonly Contribution[], latestMs: number, monoMs: number): Taken {
    const usable: Contribution[] = [];
    const refused: Contribution[] = [];
    for (const contribution of contributions) {
      const problem = rowProblem(contribution, latestMs);
      if (problem === undefined) {
        usable.push(contribution);
        continue;
      }
      refused.push(contribution);
      this.#refuse(contribution.memberId, problem, monoMs);
    }
    return { usable, refused };
  }

  /** Rows that are no contributions at all. */
  unreadable(memberIds: readonly MemberId[], monoMs: number): void {
    for (const memberId of memberIds)
      this.#refuse(memberId, { code: 'UNREADABLE', message: 'it cannot be read' }, monoMs);
  }

  of(memberId: MemberId): Refusals | undefined {
    return this.#refusals.get(memberId);
  }

  #refuse(
    memberId: MemberId,
    { code, message }: Pick<Refusals, 'code' | 'message'>,
    lastMonoMs: number,
  ): void {
    this.#total += 1;
    const known = this.#refusals.get(memberId);
    if (known === undefined && this.#refusals.size >= maxMembers) return;
    this.#refusals.set(memberId, { rows: (known?.rows ?? 0) + 1, code, message, lastMonoMs });
    if (known?.code !== code) {
      const gateway = gatewayIdOf(memberId).slice(0, 256);
      this.#logger.warn(
        { gateway, code, reason: message },
        'a row of a gateway of the cluster cannot be used',
      );
    }
  }
}
