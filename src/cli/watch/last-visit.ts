import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../../host/index.ts';
import { ensureStateFolder } from '../state-folder.ts';

/** When this user last watched each gateway: by address, milliseconds of the gateway's clock. */
export interface LastVisits {
  at(url: string): number | undefined;
  /** Stores a later visit; without a folder that can be written, nothing is stored. */
  store(url: string, atMs: number): void;
}

/** Most gateways that are stored; the oldest visits are dropped. */
const maxGateways = 50;

/** The visits stored in a state folder; none without a folder. */
export function lastVisits(folder: string | undefined): LastVisits {
  const file = folder === undefined ? undefined : join(folder, 'last-looks.json');
  return {
    at: (url) => readVisits(file).get(url),
    store(url, atMs) {
      if (file === undefined || !ensureStateFolder(folder).ok) return;
      const visits = [...readVisits(file).set(url, Math.round(atMs))];
      const latest = visits.sort(([, a], [, b]) => b - a).slice(0, maxGateways);
      try {
        replaceFile(file, `${JSON.stringify(Object.fromEntries(latest))}\n`);
      } catch {
        // The next start then shows what changed since the visit before.
      }
    },
  };
}

/** Entries that cannot be read are left out. */
function readVisits(file: string | undefined): Map<string, number> {
  try {
    const stored: unknown = JSON.parse(readFileSync(file ?? '', 'utf8'));
    const entries = Object.entries(stored ?? {});
    return new Map(entries.filter((entry): entry is [string, number] => Number.isFinite(entry[1])));
  } catch {
    return new Map();
  }
}
