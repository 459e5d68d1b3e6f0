import { afterEach, describe, expect, it } from 'vitest';
import { gatewayStarter, type ListeningGateway } from '../harness/listening-gateway.ts';
import { opcode, type RawFrame, RawWebSocket, rawFrame, request } from '../harness/raw-web-socket.ts';
import { type RosterObserver, rosterObserver } from '../harness/roster-observer.ts';

const { continuation, text, binary, close, ping, pong } = opcode;
const start = gatewayStarter();
const opened: RawWebSocket[] = [];

afterEach(() => {
  for (const client of opened.splice(0)) client.destroy();
});

/** A connected client, and an observer that checks that the gateway still works and its roster is unchanged. */
async function field(): Promise<{
  client: RawWebSocket;
  observer: RosterObserver;
  gateway: ListeningGateway;
}> {
  const gateway = await start({ maxPayloadBytes: 65_536 });
  const client = await RawWebSocket.open(gateway.url);
  opened.push(client);
  return { client, gateway, observer: await rosterObserver(gateway) };
}

type Sent = RawFrame | Buffer;

function bytesOf(frames: readonly Sent[]): Buffer {
  return Buffer.concat(frames.map((frame) => (Buffer.isBuffer(frame) ? frame : rawFrame(frame))));
}

const health = request('h', 'health');
const messageOf = (payload: string | Uint8Array): Sent => ({ opcode: text, payload });
const closeWith = (code: number, reason: string | Uint8Array = ''): RawFrame => {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return { opcode: close, payload: Buffer.concat([head, Buffer.from(reason as string)]) };
};

/** Cuts bytes into fragments of a message. */
function fragments(payload: Uint8Array, sizes: readonly number[], first: number = text): RawFrame[] {
  const frames: RawFrame[] = [];
  let at = 0;
  for (const size of [...sizes, payload.length]) {
    const part = payload.subarray(at, at + size);
    at += part.length;
    frames.push({ opcode: frames.length === 0 ? first : continuation, payload: part, fin: false });
  }
  const last = frames.pop() as RawFrame;
  return [...frames, { ...last, fin: true }];
}

const allOf = (byte: number, length: number): Buffer => Buffer.alloc(length, byte);
const bad = (...bytes: number[]): Buffer =>
  Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);

/** What ends the connection, and with which code; the categories are those of the Autobahn test suite. */
const ending: readonly (readonly [string, readonly Sent[], number | undefined])[] = [
  ['1 a message over the limit', [messageOf(allOf(0x20, 65_537))], 1009],
  ['1 a binary message over the limit', [{ opcode: binary, payload: allOf(0x20, 65_537) }], 1009],
  ['1 a length that only claims to be over the limit', [{ opcode: text, claimedLength: 65_537 }], 1009],
  ['1 a length of 2^53', [{ opcode: text, claimedLength: 2n ** 53n }], 1009],
  ['1 a length with its highest bit set', [{ opcode: text, claimedLength: 2n ** 63n }], 1009],
  ['2 a ping of 126 bytes', [{ opcode: ping, payload: allOf(1, 126) }], 1002],
  ['2 a pong of 126 bytes', [{ opcode: pong, payload: allOf(1, 126) }], 1002],
  ['2 a ping in fragments', [{ opcode: ping, fin: false, payload: 'a' }], 1002],
  ['2 a pong in fragments', [{ opcode: pong, fin: false, payload: 'a' }], 1002],
  ...[1, 2, 3, 4, 5, 6, 7].map((reserved) => {
    return [
      `3 reserved bits ${reserved} on a text`,
      [{ opcode: text, payload: 'a', reserved }],
      1002,
    ] as const;
  }),
  ['3 reserved bits on a ping', [{ opcode: ping, reserved: 4 }], 1002],
  ['3 reserved bits on a close', [{ ...closeWith(1000), reserved: 2 }], 1002],
  [
    '3 reserved bits on a continuation',
    [
      { opcode: text, fin: false },
      { opcode: continuation, reserved: 1 },
    ],
    1002,
  ],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((unknown) => {
    return [`4 opcode ${unknown}`, [{ opcode: unknown, payload: 'a' }], 1002] as const;
  }),
  ['5 a continuation of nothing', [{ opcode: continuation, payload: 'a' }], 1002],
  ['5 a continuation of nothing, not the last', [{ opcode: continuation, fin: false }], 1002],
  [
    '5 a continuation after the last one',
    [...fragments(Buffer.from(health), [9]), { opcode: continuation }],
    1002,
  ],
  [
    '5 a text within a text',
    [
      { opcode: text, fin: false, payload: 'a' },
      { opcode: text, payload: 'b' },
    ],
    1002,
  ],
  [
    '5 a binary within a text',
    [
      { opcode: text, fin: false },
      { opcode: binary, payload: 'b' },
    ],
    1002,
  ],
  ['5 fragments that together are over the limit', fragments(allOf(0x20, 65_540), [32_768]), 1009],
  ['5 more fragments than anybody needs', fragments(Buffer.alloc(20_000, 0x20), Array(16_400).fill(1)), 1008],
  ['6 a lone continuation byte', [messageOf(bad(0x80))], 1007],
  ['6 a byte that never is in UTF-8', [messageOf(bad(0xff))], 1007],
  ['6 a sequence that is too long for its character', [messageOf(bad(0xc0, 0xaf))], 1007],
  ['6 a surrogate', [messageOf(bad(0xed, 0xa0, 0x80))], 1007],
  ['6 a character beyond U+10FFFF', [messageOf(bad(0xf4, 0x90, 0x80, 0x80))], 1007],
  ['6 a sequence that is cut off', [messageOf(bad(0xe2, 0x82))], 1007],
  ['6 a wrong sequence across fragments', fragments(bad(0xf0, 0x9f, 0x28, 0xa9), [8]), 1007],
  [
    '6 a sequence that the last fragment leaves open',
    fragments(Buffer.from([0x22, 0xf0, 0x9f, 0x98]), [2, 1]),
    1007,
  ],
  ['7 a close of one byte', [{ opcode: close, payload: 'a' }], 1002],
  ['7 a close of 126 bytes', [closeWith(1000, 'x'.repeat(124))], 1002],
  ['7 a close whose reason is no UTF-8', [closeWith(1000, Buffer.from([0xce, 0xba, 0xe1]))], 1007],
  ['7 a close in fragments', [{ ...closeWith(1000), fin: false }], 1002],
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) => {
    return [`7 a close with the code ${code}`, [closeWith(code)], 1002] as const;
  }),
  ['7 a close without a code', [{ opcode: close }], 1005],
  ...[1000, 1001, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999].map((code) => {
    return [`7 a close with the code ${code}`, [closeWith(code, 'bye')], code] as const;
  }),
  ['7 two closes', [closeWith(1000), closeWith(1001)], 1000],
  ['7 a request after the close', [closeWith(1000), messageOf(request('late', 'health'))], 1000],
  ['7 a ping after the close', [closeWith(1001), { opcode: ping, payload: 'late' }], 1001],
  ['9 a frame without a mask', [{ opcode: text, payload: health, masked: false }], 1002],
  ['9 a ping without a mask', [{ opcode: ping, masked: false }], 1002],
  ['9 a close without a mask', [{ ...closeWith(1000), masked: false }], 1002],
  ['9 zeros', [Buffer.alloc(64)], 1002],
  ['9 a second HTTP request in place of a frame', [Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')], 1002],
];

/** What a client may do, though few do; the answer to a request behind it must come. */
const harmless: readonly (readonly [string, readonly Sent[]])[] = [
  ['1 an empty text', [messageOf('')]],
  ['1 an empty binary', [{ opcode: binary }]],
  ['1 a length in a longer form than it needs', [{ opcode: text, payload: 'a', lengthForm: 64 }]],
  [
    '1 a text of 125, 126, 127 and 65536 bytes',
    [125, 126, 127, 65_536].map((size) => messageOf(allOf(0x20, size))),
  ],
  ['2 an empty ping', [{ opcode: ping }]],
  ['2 pings of 1 to 125 bytes', [1, 64, 125].map((size) => ({ opcode: ping, payload: allOf(0xfe, size) }))],
  ['2 a pong that nobody asked for', [{ opcode: pong, payload: 'hello' }]],
  [
    '2 ten pings at once',
    allOf(0, 10)
      .toJSON()
      .data.map((_, index) => ({ opcode: ping, payload: `p${index}` })),
  ],
  ['5 a request in fragments', fragments(Buffer.from(request('f', 'health')), [1, 2, 3, 5])],
  ['5 a request in fragments of one byte', fragments(Buffer.from(request('f', 'health')), Array(64).fill(1))],
  [
    '5 a request in fragments with pings between',
    [
      { opcode: text, fin: false, payload: '{"type":"req",' },
      { opcode: ping, payload: 'between' },
      { opcode: continuation, fin: false },
      { opcode: pong },
      { opcode: continuation, payload: '"id":"f","method":"health"}' },
    ],
  ],
  ['5 a binary message in fragments', fragments(Buffer.from(request('f', 'health')), [7], binary)],
  ['6 a character across fragments', fragments(Buffer.from('"κόσμε 😀"'), [2, 3, 8, 1, 1])],
  ['6 noncharacters', [messageOf('"\uffff \u{10ffff} \ufdd0"')]],
  ['6 bytes that are no UTF-8 in a binary message', [{ opcode: binary, payload: bad(0xff, 0xfe) }]],
];

describe('[PW10] frames that end a connection', () => {
  it.each(ending)('[PW10] %s', async (_, frames, code) => {
    const { client, observer, gateway } = await field();
    client.send(bytesOf(frames));
    expect((await client.ending()).code).toBe(code);
    expect(client.frames.some((frame) => frame.payload.includes('"late"'))).toBe(false);
    await honest(gateway);
    expect((await observer.list()).instances.filter(({ self }) => self !== true)).toHaveLength(1);
  });
});

describe('[PW10] frames that a connection survives', () => {
  it.each(harmless)('[PW10] %s', async (_, frames) => {
    const { client, observer, gateway } = await field();
    await observer.unchangedBy(async () => {
      client.send(bytesOf(frames));
      client.frameOut({ opcode: ping, payload: 'still here' });
      await client.pong('still here');
      client.frameOut({ opcode: text, payload: request('after', 'health') });
      expect(await client.answer('after')).toContain('"ok":true');
    });
    await honest(gateway);
  });

  it('[PW1] [PW10] a request in a binary message that is no UTF-8 is none', async () => {
    const { client } = await field();
    const [before, behind] = request('#', 'health').split('#');
    const payload = Buffer.concat([
      Buffer.from(before ?? ''),
      Buffer.from([0xff]),
      Buffer.from(behind ?? ''),
    ]);
    client.frameOut({ opcode: binary, payload });
    client.frameOut({ opcode: text, payload: request('after', 'health') });
    await client.answer('after');
    expect(client.frames.filter((frame) => frame.payload.includes('"res"'))).toHaveLength(2);
  });

  it('[PW10] every byte on its own', async () => {
    const { client } = await field();
    for (const byte of rawFrame({ opcode: text, payload: request('slow', 'health') })) {
      client.send(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await client.answer('slow')).toContain('"ok":true');
  });

  it('[PW10] many frames in one packet are answered in order', async () => {
    const { client } = await field();
    const ids = Array.from({ length: 100 }, (_, index) => `n${index}`);
    client.send(bytesOf(ids.map((id) => messageOf(request(id, 'health')))));
    for (const id of ids) await client.answer(id);
    const answered = client.frames.flatMap(
      (frame) => /"id":"(n\d+)"/.exec(frame.payload.toString())?.[1] ?? [],
    );
    expect(answered).toEqual(ids);
  });
});

/** The gateway still answers a client that behaves. */
async function honest(gateway: ListeningGateway): Promise<void> {
  const client = gateway.dial();
  await client.connect({ client: { mode: 'cli' } });
  expect(await client.call('health')).toMatchObject({ ok: true });
  await client.close();
}
