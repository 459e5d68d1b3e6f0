import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import type { MessageParts } from '../../sinks/index.ts';
import { writeFrame } from './websocket-transport.ts';

// `ws` exports its receiver; its types do not declare it.
const { Receiver } = ws as unknown as { Receiver: new (options: object) => Writable };

/** What the receiver of `ws` reads out of bytes, as a client. */
function received(chunks: readonly Uint8Array[]): string[] {
  const messages: string[] = [];
  const receiver = new Receiver({ isServer: false, allowSynchronousEvents: true });
  receiver.on('message', (data: Buffer, isBinary: boolean) => {
    expect(isBinary).toBe(false);
    messages.push(String(data));
  });
  receiver.on('error', (fault: Error) => {
    throw fault;
  });
  for (const chunk of chunks) receiver.write(chunk);
  return messages;
}

/** A socket that takes what is written at once, or holds it until {@link take}. */
class Sink extends Writable {
  readonly taken: Uint8Array[] = [];
  /** Number of writes, whatever the number of their buffers. */
  writes = 0;
  isHolding = false;
  #held: (() => void) | undefined;

  take(): void {
    this.isHolding = false;
    for (let held = this.#held; held !== undefined; held = this.#held) {
      this.#held = undefined;
      held();
    }
  }

  override _write(chunk: Uint8Array, _: BufferEncoding, done: () => void): void {
    this.#receive([chunk], done);
  }

  override _writev(pieces: { chunk: Uint8Array }[], done: () => void): void {
    this.#receive(
      pieces.map(({ chunk }) => chunk),
      done,
    );
  }

  #receive(chunks: readonly Uint8Array[], done: () => void): void {
    this.writes += 1;
    const takeAll = (): void => {
      this.taken.push(...chunks.map((chunk) => Uint8Array.from(chunk)));
      done();
    };
    if (this.isHolding) this.#held = takeAll;
    else takeAll();
  }
}

const text = (parts: MessageParts): string =>
  Buffer.concat(parts.map((part) => Buffer.from(part))).toString();

const anyParts = fc.array(
  fc
    .tuple(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.constantFrom('é'.repeat(63), '😀'.repeat(4_100), 'x'.repeat(70_000)),
      ),
      fc.boolean(),
    )
    .map(([piece, isBytes]) => (isBytes ? Buffer.from(piece) : piece)),
  { maxLength: 6 },
);

describe('writeFrame', () => {
  it.each([0, 1, 125, 126, 127, 16_383, 16_384, 16_385, 65_535, 65_536, 200_000])(
    '[PW1] a message of %i bytes arrives whole, with one write',
    (bytes) => {
      const message = 'x'.repeat(bytes);
      for (const part of [message, Buffer.from(message)]) {
        const sink = new Sink();
        writeFrame(sink, [part]);
        expect(received(sink.taken)).toEqual([message]);
        expect(sink.writes).toBe(1);
      }
    },
  );

  it('[PW1] [PL2] any messages arrive whole and in order, whether sockets take them at once or hold them', () => {
    const step = fc.record({
      parts: anyParts,
      to: fc.nat({ max: 2 }),
      becomes: fc.constantFrom('holding', 'taking'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const sinks = [new Sink(), new Sink(), new Sink()];
        const sent: string[][] = sinks.map(() => []);
        for (const { parts, to, becomes } of steps) {
          const sink = sinks[to];
          if (becomes === 'holding' && sink) sink.isHolding = true;
          else sink?.take();
          if (sink) writeFrame(sink, parts);
          sent[to]?.push(text(parts));
        }
        for (const sink of sinks) sink.take();
        expect(sinks.map(({ taken }) => received(taken))).toEqual(sent);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('shares large bytes instead of copying them', () => {
    const bytes = Buffer.alloc(20_000, 'x');
    const sink = new Sink();
    const pieces: unknown[] = [];
    sink._writev = (written, done) => {
      pieces.push(...written.map(({ chunk }) => chunk));
      done();
    };
    writeFrame(sink, ['a', bytes]);
    expect(pieces).toContain(bytes);
  });
});
