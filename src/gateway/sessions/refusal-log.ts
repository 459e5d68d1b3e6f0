import type { Logger } from '../../core/index.ts';
import { RecentValues } from '../access/recent-values.ts';
import { sourceOf } from '../access/source.ts';

/** A handshake that was refused. */
export interface RefusedHandshake {
  readonly connectionId: string;
  readonly address: string | undefined;
  readonly reason: string;
}

interface Window {
  startMonoMs: number;
  /** Refusals since the last line, that one left out. */
  unlogged: number;
}

const windowMs = 60_000;
/** Most addresses that are remembered; the one that was refused longest ago is forgotten first. */
const maxAddresses = 10_000;

/** Logs refused handshakes once per address and minute, with the number of those that were left out (PL7). */
export class RefusalLog {
  readonly #logger: Logger;
  readonly #windows = new RecentValues<Window>(maxAddresses);

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  refused(handshake: RefusedHandshake, monoMs: number): void {
    const start = { startMonoMs: Number.NEGATIVE_INFINITY, unlogged: 0 };
    const window = this.#windows.take(sourceOf(handshake.address), () => start);
    if (monoMs - window.startMonoMs < windowMs) {
      window.unlogged += 1;
      return;
    }
    const others = window.unlogged === 0 ? {} : { refusedBefore: window.unlogged };
    this.#logger.info({ ...handshake, ...others }, 'handshake refused');
    window.startMonoMs = monoMs;
    window.unlogged = 0;
  }
}
