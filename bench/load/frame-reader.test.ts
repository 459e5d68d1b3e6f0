import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textFrame } from '../peers/text-frame.ts';
import { FrameReader } from './frame-reader.ts';
import { EDGE_BYTES, type Message, wholeOf } from './message.ts';
import { SharedMessage } from './shared-message.ts';

interface Seen {
  readonly length: number;
  readonly head: string;
  readonly tail: string;
  readonly whole: string | undefined;
}

function read(stream: Buffer, chunkBytes: number, keepWhole: boolean): { messages: Seen[]; pings: string[] } {
  const messages: Seen[] = [];
  const pings: string[] = [];
  const message = ({ length, head, tail, whole }: Message) =>
    messages.push({ length, head: head.toString(), tail: tail.toString(), whole: whole?.toString() });
  const reader = new FrameReader({
    message,
    ping: (payload) => pings.push(payload.toString()),
    close: () => {},
  });
  reader.keepWhole = keepWhole;
  for (let at = 0; at < stream.length; at += chunkBytes) reader.push(stream.subarray(at, at + chunkBytes));
  return { messages, pings };
}

describe('FrameReader', () => {
  it('always reads what was framed, wherever the chunks end', () => {
    const texts = fc.array(fc.string({ maxLength: 300 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 400 }), (sent, chunkBytes) => {
        const { messages } = read(Buffer.concat(sent.map(textFrame)), chunkBytes, true);
        expect(messages.map(({ whole }) => whole)).toEqual(sent);
      }),
    );
  });

  it('always reads what was framed, in any order of readers', () => {
    const texts = fc.array(fc.string({ minLength: 1, maxLength: 20_000 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 100, max: 5_000 }), (sent, chunkBytes) => {
        const seen: string[] = [];
        const streams = sent.map((text) => {
          const message = ({ whole }: Message) => seen.push(whole?.toString() ?? '');
          const reader = new FrameReader({ message, ping: () => {}, close: () => {} });
          reader.keepWhole = true;
          const frame = textFrame(text);
          return { reader, rest: Buffer.concat([frame, frame]) };
        });
        while (streams.some(({ rest }) => rest.length > 0)) {
          for (const stream of streams) {
            stream.reader.push(stream.rest.subarray(0, chunkBytes));
            stream.rest = stream.rest.subarray(chunkBytes);
          }
        }
        expect([...seen].sort()).toEqual([...sent, ...sent].sort());
      }),
    );
  });

  it('stores what several receive once, and separately what differs, in any order of readers', () => {
    const common = `start${'x'.repeat(20_000)}`;
    const client = fc.record({
      /** Where this one receives something else; nowhere when it is beyond the end. */
      differsAt: fc.nat({ max: 2 * common.length }),
      end: fc.string({ maxLength: 20 }),
      chunkBytes: fc.integer({ min: 500, max: 15_000 }),
    });
    fc.assert(
      fc.property(fc.array(client, { minLength: 1, maxLength: 6 }), (clients) => {
        const sharedMessage = new SharedMessage(common.length + 20);
        const texts = clients.map(({ differsAt, end }) => {
          const isOther = differsAt > 4 && differsAt < common.length;
          return `${isOther ? `${common.slice(0, differsAt)}y${common.slice(differsAt + 1)}` : common}${end}`;
        });
        const seen = texts.map(() => '');
        const streams = texts.map((text, index) => {
          const message = (one: Message) => {
            seen[index] += wholeOf(one)?.toString() ?? 'skimmed';
          };
          const reader = new FrameReader({ message, ping: () => {}, close: () => {} }, () => sharedMessage);
          reader.keepWhole = true;
          return { reader, rest: textFrame(text), chunkBytes: clients[index]?.chunkBytes ?? 1 };
        });
        while (streams.some(({ rest }) => rest.length > 0)) {
          for (const stream of streams) {
            stream.reader.push(stream.rest.subarray(0, stream.chunkBytes));
            stream.rest = stream.rest.subarray(stream.chunkBytes);
          }
        }
        expect(seen).toEqual(texts);
      }),
    );
  });

  it('does not confuse a message with a longer one that begins alike', () => {
    const sharedMessage = new SharedMessage(20_000);
    const seen: Message[] = [];
    const handler = { message: (one: Message) => seen.push(one), ping: () => {}, close: () => {} };
    const reader = new FrameReader(handler, (_, length) =>
      sharedMessage.mayBe(length) ? sharedMessage : undefined,
    );
    reader.keepWhole = true;
    for (const length of [20_000, 20_100, 21_000]) {
      const stream = textFrame('x'.repeat(length));
      reader.push(stream.subarray(0, 9_000));
      reader.push(stream.subarray(9_000));
    }
    expect(seen.map(({ sharedUse, length }) => [length, sharedUse !== undefined])).toEqual([
      [20_000, true],
      [20_100, true],
      [21_000, false],
    ]);
  });

  it('keeps both ends of a long message that it only skims', () => {
    const text = `first${'-'.repeat(100_000)}last`;
    const [message] = read(textFrame(text), 4_096, false).messages;
    expect(message?.whole).toBeUndefined();
    expect(message?.length).toBe(text.length);
    expect(message?.head).toBe(text.slice(0, EDGE_BYTES));
    expect(message?.tail).toBe(text.slice(-EDGE_BYTES));
  });

  it('reads lengths of all three kinds', () => {
    const sent = ['a'.repeat(125), 'b'.repeat(126), 'c'.repeat(65_535), 'd'.repeat(65_536)];
    const { messages } = read(Buffer.concat(sent.map(textFrame)), 1_000, true);
    expect(messages.map(({ length }) => length)).toEqual([125, 126, 65_535, 65_536]);
  });

  it('joins fragments and reads a ping between them', () => {
    const first = textFrame('one ');
    first[0] = 0x01;
    const last = textFrame('two');
    last[0] = 0x80;
    const ping = textFrame('hi');
    ping[0] = 0x89;
    const seen = read(Buffer.concat([first, ping, last]), 3, true);
    expect(seen.messages.map(({ whole }) => whole)).toEqual(['one two']);
    expect(seen.pings).toEqual(['hi']);
  });
});
