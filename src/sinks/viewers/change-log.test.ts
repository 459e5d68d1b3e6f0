import { describe, expect, it } from 'vitest';
import type { Change } from '../../core/index.ts';
import { ChangeLog } from './change-log.ts';

const remove = (key: string, version: number): Change => ({
  kind: 'remove',
  key,
  trigger: 'expired',
  version,
});
const versions = (changes: readonly Change[] | undefined): readonly number[] | undefined =>
  changes?.map(({ version }) => version);

describe('ChangeLog', () => {
  it('[PE3] knows the last change of each row since a version', () => {
    const log = new ChangeLog({ capacity: 10, version: 1 });
    log.add([remove('a', 2), remove('b', 3)]);
    log.add([remove('a', 4)]);
    expect(versions(log.since(1))).toEqual([3, 4]);
    expect(versions(log.since(3))).toEqual([4]);
    expect(versions(log.since(4))).toEqual([]);
    expect(log.since(0)).toBeUndefined();
  });

  it('[PE3] forgets the oldest, and says so', () => {
    const log = new ChangeLog({ capacity: 2, version: 0 });
    for (let version = 1; version <= 5; version += 1) log.add([remove(`k${version}`, version)]);
    expect(log.since(2)).toBeUndefined();
    expect(versions(log.since(3))).toEqual([4, 5]);
  });

  it('[PE4] takes any number of changes at once: the renewals of a large roster are one update', () => {
    const log = new ChangeLog({ capacity: 10, version: 1 });
    log.add(Array.from({ length: 300_000 }, (_, index) => remove(`k${index}`, 2)));
    expect(log.since(1)).toBeUndefined();
    expect(log.since(2)).toEqual([]);
  });
});
