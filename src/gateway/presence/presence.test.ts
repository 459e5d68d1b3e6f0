import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { type Change, createRoster, type Logger, silentLogger } from '../../core/index.ts';
import { Presence } from './presence.ts';

function fixture() {
  const logged: object[] = [];
  const logger: Logger = { ...silentLogger, error: (context) => void logged.push(context) };
  const presence = new Presence({
    roster: createRoster(),
    epoch: 'e',
    clock: new ManualClock(),
    renewalMs: 60_000,
    logger,
  });
  const reader = presence.readerFor('reader');
  const beacon = (instanceId: string) =>
    presence.writer.beacon({ facts: { instanceId, text: instanceId, reason: 'periodic' } });
  return { presence, reader, beacon, logged };
}

/** Keys that a listener received, in order. */
function recorder() {
  const keys: string[] = [];
  const listener = (changes: readonly Change[]): void => {
    for (const { key } of changes) keys.push(key);
  };
  return { keys, listener };
}

describe('readers of presence', () => {
  it('[PB1] read what is listed, and receive every later change', () => {
    const { reader, beacon } = fixture();
    beacon('a');
    const { keys, listener } = recorder();
    reader.subscribe(listener);
    expect([...reader.list()].map(({ key }) => key)).toEqual(['a']);
    beacon('b');
    expect(keys).toEqual(['b']);
    expect(reader.get('b')).toMatchObject({ key: 'b' });
    expect(reader).toMatchObject({ version: 2, size: 2, maxEntries: 200, evictions: 0, epoch: 'e' });
  });

  it('[PB1] cannot write: a reader has no method of a writer', () => {
    const { reader } = fixture();
    for (const name of ['beacon', 'connect', 'setSelf', 'roster', 'writer'])
      expect(name in reader).toBe(false);
  });

  it('[PB2] a listener that throws is logged and counted; the others and the writer are not affected', () => {
    const { presence, reader, beacon, logged } = fixture();
    const before = recorder();
    const after = recorder();
    reader.subscribe(before.listener);
    presence.readerFor('faulty').subscribe(() => {
      throw new Error('broken');
    });
    reader.subscribe(after.listener);
    expect(beacon('a')).toMatchObject({ changes: [{ key: 'a' }] });
    expect(beacon('b')).toMatchObject({ changes: [{ key: 'b' }] });
    expect(before.keys).toEqual(['a', 'b']);
    expect(after.keys).toEqual(['a', 'b']);
    expect([...presence.errors]).toEqual([['faulty', 2]]);
    expect(logged[0]).toEqual({ err: new Error('broken'), sink: 'faulty' });
  });

  it('[PB2] a subscription that ended receives nothing, though it ends while a change is delivered', () => {
    const { reader, beacon } = fixture();
    const { keys, listener } = recorder();
    let unsubscribe = (): void => {};
    reader.subscribe(() => unsubscribe());
    unsubscribe = reader.subscribe(listener);
    beacon('a');
    unsubscribe();
    beacon('b');
    expect(keys).toEqual([]);
  });

  it('[PB1] a change that a listener makes comes after the one that is delivered, for everybody', () => {
    const { reader, beacon } = fixture();
    const { keys, listener } = recorder();
    reader.subscribe(([change]) => {
      if (change?.key === 'a') beacon('b');
    });
    reader.subscribe(listener);
    beacon('a');
    expect(keys).toEqual(['a', 'b']);
  });

  it('[PB1] who subscribes while changes are delivered receives those that its list does not have, and no other', () => {
    const { reader, beacon } = fixture();
    const { keys, listener } = recorder();
    let listed: string[] = [];
    reader.subscribe(([change]) => {
      if (change?.key === 'a') beacon('b');
      if (change?.key !== 'a') return;
      listed = [...reader.list()].map(({ key }) => key);
      reader.subscribe(listener);
    });
    beacon('a');
    beacon('c');
    expect(listed).toEqual(['b', 'a']);
    expect(keys).toEqual(['c']);
  });
});
