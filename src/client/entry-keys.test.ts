import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryKey, keyEntries } from './entry-keys.ts';

const none = () => undefined;

describe('entryKey', () => {
  it.each([
    [{ instanceId: ' Mac ', deviceId: 'd', ts: 1 }, 'mac'],
    [{ instanceId: '  ', deviceId: 'D', host: 'h', ts: 1 }, 'd'],
    [{ host: 'H', ip: '192.0.2.1', ts: 1 }, 'h'],
    [{ ip: '192.0.2.1', text: 't', ts: 1 }, '192.0.2.1'],
    [{ text: 'Node: x', ts: 1 }, 'node: x'],
    [{ ts: 1 }, 'unknown'],
  ])('%o is %s', (entry, key) => {
    expect(entryKey(entry)).toBe(key);
  });
});

describe('keyEntries', () => {
  it('loses no row: every entry has a key of its own', () => {
    const entry = fc.record({ instanceId: fc.constantFrom('a', 'A', 'b#2', 'b'), ts: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(entry), fc.array(entry), (before, after) => {
        const known = new Map(keyEntries(before, none).map((row) => [row.key, row]));
        const rows = keyEntries(after, (key) => known.get(key));
        expect(new Set(rows.map(({ key }) => key)).size).toBe(after.length);
        expect(rows.map(({ key: _, ...facts }) => facts)).toEqual(after);
      }),
    );
  });

  it('a twin that did not change keeps its key when the other leaves', () => {
    const twins = [
      { instanceId: 'a', ip: '192.0.2.1', ts: 2 },
      { instanceId: 'a', ip: '192.0.2.2', ts: 1 },
    ];
    const rows = keyEntries(twins, none);
    expect(rows.map(({ key }) => key)).toEqual(['a', 'a#2']);
    const known = new Map(rows.map((row) => [row.key, row]));
    expect(keyEntries(structuredClone(twins.slice(1)), (key) => known.get(key))).toEqual([rows[1]]);
  });
});
