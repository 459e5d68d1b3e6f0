import { ageMs, type Instance, lastInputSecondsAt, statusAt } from '../../client/index.ts';
import { nameOf, statusRank } from '../row-text.ts';

/** What rows can be sorted by, in the order in which the key `s` goes through them. */
export const sortNames = ['newest', 'host', 'status', 'mode', 'last input', 'connections'] as const;

/** One of {@link sortNames}. */
export type SortName = (typeof sortNames)[number];

/** An order of rows. */
export interface RowOrder {
  readonly by: SortName;
  readonly reversed: boolean;
}

/** The order that comes after `by`. */
export function nextSort(by: SortName): SortName {
  return sortNames[(sortNames.indexOf(by) + 1) % sortNames.length] ?? 'newest';
}

/**
 * Sorts rows at `nowMs`, the gateway's clock. The gateway itself stays on top, rows that do not have the fact go to the
 * end, and rows that are equal are in the order of their names and keys, so that nothing moves without a cause.
 */
export function sortInstances(
  instances: readonly Instance[],
  { by, reversed }: RowOrder,
  nowMs: number,
): readonly Instance[] {
  const value = valuesOf(nowMs)[by];
  const sorted = instances.map((instance) => ({
    instance,
    value: value(instance),
    name: nameOf(instance),
  }));
  const sign = reversed ? -1 : 1;
  sorted.sort(
    (a, b) =>
      Number(b.instance.self ?? false) - Number(a.instance.self ?? false) ||
      Number(a.value === undefined) - Number(b.value === undefined) ||
      sign * compare(a.value, b.value) ||
      words.compare(a.name, b.name) ||
      compare(a.instance.key, b.instance.key),
  );
  return sorted.map(({ instance }) => instance);
}

type Sortable = string | number | undefined;

function valuesOf(nowMs: number): Readonly<Record<SortName, (instance: Instance) => Sortable>> {
  return {
    newest: (instance) => ageMs(instance, nowMs),
    host: nameOf,
    status: (instance) => statusRank(statusAt(instance, nowMs)),
    mode: ({ mode }) => mode,
    'last input': (instance) => lastInputSecondsAt(instance, nowMs),
    connections: ({ connections }) => connections && -connections,
  };
}

/** `pi-9` before `pi-10`, in any letter case. */
const words = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: Sortable, b: Sortable): number {
  if (typeof a === 'string' && typeof b === 'string') return words.compare(a, b);
  if (a === undefined || b === undefined || a === b) return 0;
  return a < b ? -1 : 1;
}
