import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { holdWrites, releaseMany } from './held-writes.ts';

/** A stream that keeps what each of its system calls would have held. */
function recorder() {
  const calls: string[] = [];
  const socket = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      calls.push(chunk);
      done();
    },
    writev: (chunks, done) => {
      calls.push(chunks.map(({ chunk }) => chunk).join(''));
      done();
    },
  });
  return { calls, socket };
}

/** Everything that was put off until the end of this turn has happened. */
const turnEnded = () => new Promise((resolve) => setImmediate(resolve));

describe('holdWrites', () => {
  it('[PE1] what is written in one turn leaves with one call, in order', async () => {
    const { calls, socket } = recorder();
    for (const answer of ['a', 'b', 'c']) {
      holdWrites(socket);
      socket.write(answer);
    }
    expect(calls).toEqual([]);
    await turnEnded();
    expect(calls).toEqual(['abc']);
    socket.write('d');
    expect(calls).toEqual(['abc', 'd']);
  });

  it('[PL2] much is let go at once, and what follows is held again', async () => {
    const { calls, socket } = recorder();
    const list = 'x'.repeat(70_000);
    holdWrites(socket);
    socket.write(list);
    releaseMany(socket);
    expect(calls).toEqual([list]);
    holdWrites(socket);
    socket.write('a');
    socket.write('b');
    releaseMany(socket);
    expect(calls).toEqual([list]);
    await turnEnded();
    expect(calls).toEqual([list, 'ab']);
  });

  it('holds nothing that is said at the end', async () => {
    const { calls, socket } = recorder();
    holdWrites(socket);
    socket.write('a');
    socket.end('b');
    await turnEnded();
    expect(calls.join('')).toBe('ab');
    expect(socket.writableFinished).toBe(true);
  });
});
