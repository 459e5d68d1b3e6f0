import type { Instance, InstanceChange } from '../../client/index.ts';

/** A field that is different now; `value` is absent when the field is gone. */
export interface ChangedField {
  readonly name: keyof Instance;
  readonly value?: unknown;
}

/** Fields that say when and how, not what. */
const silentFields: ReadonlySet<string> = new Set(['key', 'ts', 'sources', 'text', 'rttMs', 'firstSeenAtMs']);

/** The fields that an update made different; none for a mere renewal, and for joins and leaves. */
export function changedFields(change: InstanceChange): readonly ChangedField[] {
  if (change.kind !== 'update') return [];
  const { previous, instance } = change;
  const names = new Set([...Object.keys(previous), ...Object.keys(instance)]) as Set<keyof Instance>;
  return [...names]
    .filter((name) => !silentFields.has(name) && !isSame(previous[name], instance[name]))
    .map((name) => (instance[name] === undefined ? { name } : { name, value: instance[name] }));
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
