import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textFrame } from '../peers/text-frame.ts';
import { FrameReader } from './frame-reader.ts';
import { EDGE_BYTES, type Message } from './message.ts';

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

  it('always reads what was framed, however readers that share their scratch take turns', () => {
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

  it('does not store what another was told, and stores what differs from it, wherever it does', () => {
    const shared = Buffer.from(`start${'x'.repeat(20_000)}`);
    const seen: string[] = [];
    const message = ({ whole, recalled }: Message) =>
      seen.push(
        recalled === undefined ? `stored ${whole}` : `recalled ${recalled.was.shared}${recalled.ownEnd}`,
      );
    const reader = new FrameReader({ message, ping: () => {}, close: () => {} }, () => ({ shared }));
    reader.keepWhole = true;
    const send = (text: string, chunkBytes: number): void => {
      const stream = textFrame(text);
      for (let at = 0; at < stream.length; at += chunkBytes)
        reader.push(stream.subarray(at, at + chunkBytes));
    };
    fc.assert(
      fc.property(
        fc.nat({ max: shared.length - 1 }),
        fc.integer({ min: 500, max: 15_000 }),
        fc.string({ maxLength: 20 }),
        (at, chunkBytes, end) => {
          seen.length = 0;
          const differing = Buffer.from(shared);
          differing[at] = 'y'.charCodeAt(0);
          send(`${shared}${end}`, chunkBytes);
          send(`${differing}${end}`, chunkBytes);
          send(`${shared}${'z'.repeat(1_000)}`, chunkBytes);
          expect(seen[0]).toBe(`recalled ${shared}${end}`);
          expect(seen[1]).toBe(`stored ${differing}${end}`);
          expect(seen[2]).toBe(`stored ${shared}${'z'.repeat(1_000)}`);
        },
      ),
    );
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

  it('joins fragments and lets a ping pass between them', () => {
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
