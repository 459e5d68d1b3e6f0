import type { IdleProbe, IdleSource, MissingSource } from './idle-source.ts';

/** A source that was tried before the chosen one, and why it could not be used. */
export interface MissingReason {
  readonly source: string;
  readonly reason: string;
}

/** The outcome of probing: the first source that works, if any, and those before it that do not. */
export interface IdleChoice {
  readonly source?: IdleSource;
  readonly missing: readonly MissingReason[];
}

/** Probes in order and takes the first source that answers. Nothing is guessed: with none, `source` is absent. */
export async function chooseIdleSource(probes: readonly IdleProbe[]): Promise<IdleChoice> {
  const missing: MissingReason[] = [];
  for (const probe of probes) {
    const opened = await openSafely(probe);
    if (!('missing' in opened)) return { source: opened, missing };
    missing.push({ source: probe.name, reason: opened.missing });
  }
  return { missing };
}

async function openSafely(probe: IdleProbe): Promise<IdleSource | MissingSource> {
  try {
    return await probe.open();
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
