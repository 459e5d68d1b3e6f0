import type { InstanceChange } from '../../client/index.ts';
import { rowName } from '../list/row-name.ts';

/** Who came and who went in a while; undefined for one without a name. */
export interface Arrivals {
  readonly joined: readonly (string | undefined)[];
  readonly left: readonly (string | undefined)[];
}

/** Collects joins and leaves, so that a restart is one sentence, not two hundred. */
export interface ArrivalCollector {
  take(change: InstanceChange): void;
}

/** How long they are collected. */
const collectMs = 2_000;

/** Makes a collector that hands over what came together. */
export function createArrivalCollector(handOver: (arrivals: Arrivals) => void): ArrivalCollector {
  let joined: readonly (string | undefined)[] = [];
  let left: readonly (string | undefined)[] = [];
  let isWaiting = false;
  const flush = (): void => {
    const arrivals = { joined, left };
    joined = [];
    left = [];
    isWaiting = false;
    handOver(arrivals);
  };
  return {
    take({ kind, instance }) {
      if (kind === 'update') return;
      if (kind === 'join') joined = [...joined, rowName(instance)];
      else left = [...left, rowName(instance)];
      if (!isWaiting) setTimeout(flush, collectMs);
      isWaiting = true;
    },
  };
}
