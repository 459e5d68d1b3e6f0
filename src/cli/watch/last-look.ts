import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../host/index.ts';
import { ensureStateFolder } from '../state-folder.ts';

/** When this user looked at each gateway last: by address, milliseconds of the gateway's clock. */
export interface LastLooks {
  at(url: string): number | undefined;
  /** Keeps a later look; a folder that cannot be written to keeps none. */
  keep(url: string, atMs: number): void;
}

/** So many gateways are remembered, the latest looks first. */
const maxGateways = 50;

/** The looks kept in a state folder; without one, none. */
export function lastLooks(folder: string | undefined): LastLooks {
  const file = folder === undefined ? undefined : join(folder, 'last-looks.json');
  return {
    at: (url) => readLooks(file).get(url),
    keep(url, atMs) {
      if (file === undefined || !ensureStateFolder(folder).ok) return;
      const looks = [...readLooks(file).set(url, Math.round(atMs))];
      const latest = looks.sort(([, a], [, b]) => b - a).slice(0, maxGateways);
      try {
        replaceFile(file, `${JSON.stringify(Object.fromEntries(latest))}\n`);
      } catch {
        // A convenience: the next start shows what changed since the look before.
      }
    },
  };
}

/** What is no look is left out: the file is a convenience. */
function readLooks(file: string | undefined): Map<string, number> {
  try {
    const kept: unknown = JSON.parse(readFileSync(file ?? '', 'utf8'));
    const entries = Object.entries(kept ?? {});
    return new Map(entries.filter((entry): entry is [string, number] => Number.isFinite(entry[1])));
  } catch {
    return new Map();
  }
}
