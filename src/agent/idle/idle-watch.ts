import type { Clock } from '../../core/ports.ts';
import type { MissingReason } from './choose-idle-source.ts';
import { chooseIdleSource } from './choose-idle-source.ts';
import type { IdleProbe, IdleSource } from './idle-source.ts';

/** Options of `IdleWatch`. */
export interface IdleWatchOptions {
  /** Best first. */
  readonly probes: readonly IdleProbe[];
  readonly clock: Clock;
  /** One line for people: which source is used, and what is missing. Logged again only when it changes. */
  readonly say: (line: string) => void;
  /** How long a choice that is not the best one, or none, stands before better sources are probed; 300 000. */
  readonly reprobeMs?: number;
}

/**
 * Uses the best idle source that works at present.
 *
 * People log in and out and desktops restart while an agent runs: a source that is lost is replaced, and while the
 * best one is missing it is probed again every `reprobeMs`.
 */
export class IdleWatch {
  readonly #options: IdleWatchOptions;
  readonly #reprobeMs: number;
  #source: IdleSource | undefined;
  /** Absent while the best source is in use. */
  #probeAtMonoMs: number | undefined = Number.NEGATIVE_INFINITY;
  #said = '';

  constructor(options: IdleWatchOptions) {
    this.#options = options;
    this.#reprobeMs = options.reprobeMs ?? 300_000;
  }

  /** Whole seconds since the last input, or undefined when no source knows it. Never rejects. */
  async idleSeconds(): Promise<number | undefined> {
    if (this.#isProbeDue()) await this.#choose();
    const first = await this.#read();
    if (first !== 'lost') return first;
    await this.#choose();
    const second = await this.#read();
    return second === 'lost' ? undefined : second;
  }

  /** Closes the source in use. */
  close(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  #isProbeDue(): boolean {
    return this.#probeAtMonoMs !== undefined && this.#options.clock.now().monoMs >= this.#probeAtMonoMs;
  }

  async #choose(): Promise<void> {
    this.close();
    const { source, missing } = await chooseIdleSource(this.#options.probes);
    this.#source = source;
    const isBest = missing.length === 0;
    this.#probeAtMonoMs = isBest ? undefined : this.#options.clock.now().monoMs + this.#reprobeMs;
    this.#sayOnce(choiceLine(source?.name, missing));
  }

  async #read(): Promise<number | undefined | 'lost'> {
    if (this.#source === undefined) return undefined;
    try {
      return await this.#source.idleSeconds();
    } catch {
      return 'lost';
    }
  }

  #sayOnce(line: string): void {
    if (line === this.#said) return;
    this.#said = line;
    this.#options.say(line);
  }
}

function choiceLine(chosen: string | undefined, missing: readonly MissingReason[]): string {
  const reasons = missing.map(({ source, reason }) => `${source} (${reason})`).join(', ');
  if (chosen === undefined) return `last input is left out: ${reasons || 'this platform has no source'}`;
  return reasons === '' ? `last input from ${chosen}` : `last input from ${chosen}; missing: ${reasons}`;
}
