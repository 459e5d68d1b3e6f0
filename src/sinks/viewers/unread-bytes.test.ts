import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import type { MessageParts } from './roster-json.ts';
import { type SlowReader, UnreadBytes } from './unread-bytes.ts';

class Reader implements SlowReader {
  unreadBytes = 0;
  isDropped = false;

  drop(): void {
    this.isDropped = true;
  }
}

function setUp(maxUnreadBytes: number): {
  clock: ManualClock;
  unread: UnreadBytes;
  send: (reader: Reader, ...message: MessageParts) => void;
} {
  const clock = new ManualClock();
  const unread = new UnreadBytes({ maxUnreadBytes, clock });
  const send = (reader: Reader, ...message: MessageParts): void => {
    reader.unreadBytes += message.reduce((sum, part) => sum + part.length, 0);
    unread.sent(reader, message);
  };
  return { clock, unread, send };
}

const text = (bytes: number): string => 'x'.repeat(bytes);

describe('UnreadBytes', () => {
  it('[PL8] drops nobody up to the bound', () => {
    const { unread, send } = setUp(1_000);
    const readers = [new Reader(), new Reader()];
    for (const reader of readers) send(reader, text(500));
    expect(unread.bytes).toBe(1_000);
    expect(readers.map(({ isDropped }) => isDropped)).toEqual([false, false]);
  });

  it('[PL8] over the bound who took nothing for longest goes first, and no more than needed', () => {
    const { clock, unread, send } = setUp(1_000);
    const [first, second, third] = [new Reader(), new Reader(), new Reader()];
    for (const reader of [first, second, third]) {
      send(reader, text(reader === third ? 300 : 500));
      clock.advance(100);
    }
    expect([first, second, third].map(({ isDropped }) => isDropped)).toEqual([true, false, false]);
    expect(unread.bytes).toBe(800);
  });

  it('[PL8] a reader who reads slowly stays before one who came later and reads nothing', () => {
    const { clock, send } = setUp(1_000_000);
    const [reading, silent, last] = [new Reader(), new Reader(), new Reader()];
    send(reading, text(600_000));
    clock.advance(1_000);
    send(silent, text(300_000));
    clock.advance(5_000);
    reading.unreadBytes -= 400_000;
    send(last, text(750_000));
    expect([reading, silent, last].map(({ isDropped }) => isDropped)).toEqual([false, true, false]);
  });

  it('[PL8] parts of one buffer count once, as the whole of it, until the last reader lets go', () => {
    const { unread, send } = setUp(1_000_000);
    const list = new Uint8Array(100_000);
    const readers = [new Reader(), new Reader()];
    for (const [index, reader] of readers.entries()) send(reader, list.subarray(index * 10_000));
    expect(unread.bytes).toBe(100_000);
    for (const reader of readers) unread.remove(reader);
    expect(unread.bytes).toBe(0);
  });

  it('[PL8] who fell behind just now is not the slowest', () => {
    const { clock, send } = setUp(1_000);
    const [old, fresh] = [new Reader(), new Reader()];
    send(old, text(200));
    clock.advance(10_000);
    send(fresh, text(900));
    expect([old, fresh].map(({ isDropped }) => isDropped)).toEqual([true, false]);
  });

  it('[PL8] what readers took meanwhile does not count', () => {
    const { send, unread } = setUp(1_000);
    const [first, second] = [new Reader(), new Reader()];
    send(first, text(900));
    first.unreadBytes = 100;
    send(second, text(900));
    expect([first.isDropped, second.isDropped]).toEqual([false, false]);
    expect(unread.bytes).toBe(1_000);
  });

  it('[PL8] bytes that many hold count once, until the last of them has taken them', () => {
    const { send, unread } = setUp(100_000);
    const list = new Uint8Array(60_000);
    const readers = Array.from({ length: 10 }, () => new Reader());
    for (const reader of readers) send(reader, 'seq', list);
    expect(unread.bytes).toBe(60_000 + 10 * 3);
    for (const reader of readers.slice(1)) unread.remove(reader);
    expect(unread.bytes).toBe(60_003);
    for (const reader of readers) unread.remove(reader);
    expect(unread.bytes).toBe(0);
    expect(readers.some(({ isDropped }) => isDropped)).toBe(false);
  });

  it('[PL8] lists of different moments do not count as one: who holds the old one goes', () => {
    const { clock, send } = setUp(100_000);
    const [old, newer] = [new Reader(), new Reader()];
    send(old, new Uint8Array(60_000));
    clock.advance(1_000);
    send(newer, new Uint8Array(60_000));
    expect([old.isDropped, newer.isDropped]).toEqual([true, false]);
  });

  it('[PL8] goes on when dropping one sends something to another', () => {
    const { send, unread } = setUp(1_000);
    const [first, second] = [new Reader(), new Reader()];
    first.drop = () => {
      first.isDropped = true;
      send(second, text(50));
    };
    send(first, text(900));
    send(second, text(200));
    expect([first.isDropped, second.isDropped, unread.bytes]).toEqual([true, false, 250]);
  });
});
