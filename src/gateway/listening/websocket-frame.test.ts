import type { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import type { MessageParts } from '../transport.ts';
import { textFrame } from './websocket-frame.ts';

// `ws` exports its receiver; its types do not say so.
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

const text = (parts: MessageParts): string =>
  Buffer.concat(parts.map((part) => Buffer.from(part))).toString();

describe('textFrame', () => {
  it.each([0, 1, 125, 126, 127, 4_095, 4_096, 4_097, 65_535, 65_536, 200_000])(
    '[PW1] a message of %i bytes arrives whole',
    (bytes) => {
      const message = 'x'.repeat(bytes);
      expect(received(textFrame([message]))).toEqual([message]);
      expect(received(textFrame([Buffer.from(message)]))).toEqual([message]);
    },
  );

  it('[PW1] any pieces, strings and bytes, small and large, arrive as one message', () => {
    const string = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.constantFrom('é'.repeat(63), '😀'.repeat(1_100), 'x'.repeat(70_000)),
    );
    const part = fc.tuple(string, fc.boolean());
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (pieces) => {
        const parts = pieces.map(([piece, isBytes]) => (isBytes ? Buffer.from(piece) : piece));
        expect(received(textFrame(parts))).toEqual([text(parts)]);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PW1] two frames in a row are two messages', () => {
    expect(received([...textFrame(['a']), ...textFrame(['b'.repeat(5_000)])])).toEqual([
      'a',
      'b'.repeat(5_000),
    ]);
  });

  it('shares large bytes instead of copying them', () => {
    const bytes = Buffer.alloc(10_000, 'x');
    expect(textFrame(['a', bytes])).toContain(bytes);
    expect(textFrame(['a'])).toHaveLength(1);
  });
});
