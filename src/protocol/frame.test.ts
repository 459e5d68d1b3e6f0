import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertFrame } from '../../test/harness/assert-frames.ts';
import {
  errorFrame,
  eventFrame,
  eventFrameHead,
  eventFrameMiddle,
  eventFramePrefix,
  eventFrameSuffix,
  parseFrame,
  responseFrameHead,
  responseFrameSuffix,
} from './frame.ts';
import { rateLimited, refusal } from './refusal.ts';

describe('parseFrame', () => {
  it('[PW1] reads a request and leaves its params alone', () => {
    const text = '{"type":"req","id":"1","method":"health","params":{"a":1}}';
    expect(parseFrame(text)).toEqual({ kind: 'request', id: '1', method: 'health', params: { a: 1 } });
  });

  it('[PW4] ignores unknown fields', () => {
    const text = '{"type":"req","id":"1","method":"health","traceparent":7,"x":{}}';
    expect(parseFrame(text)).toEqual({ kind: 'request', id: '1', method: 'health', params: undefined });
  });

  it.each(['', '{', 'nonsense', '{"type":"req",}', '\u0000'])('[PW10] %j is not JSON', (text) => {
    expect(parseFrame(text)).toEqual({ kind: 'not-json' });
  });

  it.each([
    ['null', undefined],
    ['[]', undefined],
    ['7', undefined],
    ['{"type":"req","method":"health"}', undefined],
    ['{"type":"req","id":7,"method":"health"}', undefined],
    ['{"type":"req","id":"  ","method":"health"}', undefined],
    ['{"type":"req","id":"a"}', 'a'],
    ['{"type":"req","id":"a","method":""}', 'a'],
    ['{"type":"res","id":"a","method":"health"}', 'a'],
    ['{"id":"a","method":"health"}', 'a'],
    [`{"type":"req","id":"a","method":"${'m'.repeat(257)}"}`, 'a'],
    [`{"type":"req","id":"${'i'.repeat(257)}","method":"health"}`, undefined],
  ])('[PW10] %s is an invalid frame with id %s', (text, id) => {
    expect(parseFrame(text)).toEqual(id === undefined ? { kind: 'invalid' } : { kind: 'invalid', id });
  });

  it('[PW10] a __proto__ field changes no prototype', () => {
    const text = '{"__proto__":{"type":"req","id":"1","method":"health"}}';
    expect(parseFrame(text)).toEqual({ kind: 'invalid' });
    expect(Object.prototype).not.toHaveProperty('method');
  });

  it('[PW10] survives nesting a hundred thousand deep', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const frame = parseFrame(`{"type":"req","id":"1","method":"health","params":${deep}}`);
    expect(frame.kind).toBe('request');
  });

  it('[PW10] never throws, whatever the text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseFrame(text)));
  });

  it('[PW1] reads back every request that can be written', () => {
    const name = fc.string({ minLength: 1, maxLength: 256 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(name, name, fc.jsonValue(), (id, method, params) => {
        const text = JSON.stringify({ type: 'req', id, method, params });
        expect(parseFrame(text)).toEqual({ kind: 'request', id, method, params: JSON.parse(text).params });
      }),
    );
  });
});

describe('frames of the gateway', () => {
  it('[PW1] responses pass the strict schema', () => {
    const text = `${responseFrameHead('a"b')}{"ok":true}${responseFrameSuffix}`;
    expect(text).toBe('{"type":"res","id":"a\\"b","ok":true,"payload":{"ok":true}}');
    assertFrame(text);
  });

  it('[PW10] refusals pass the strict schema and do not contain how the connection is closed', () => {
    const text = errorFrame('a"b', refusal('tokenMismatch'));
    assertFrame(text);
    expect(JSON.parse(text).id).toBe('a"b');
    expect(Object.keys(JSON.parse(text).error)).toEqual(['code', 'message', 'details', 'retryable']);
    assertFrame(errorFrame('1', rateLimited(5)));
  });

  it('[PW7] the sequence number is the last field of an event', () => {
    const head = eventFrameHead('presence');
    const text = `${head}{"presence":[]}${eventFrameMiddle({ presence: 8, health: 3 })}${eventFrameSuffix(1)}`;
    expect(text).toBe(
      '{"type":"event","event":"presence","payload":{"presence":[]},"stateVersion":{"presence":8,"health":3},"seq":1}',
    );
    assertFrame(text);
  });

  it('[PW7] a shared prefix and the suffix of a connection make a whole event', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.nat(),
        (event, payload, seq) => {
          const text = eventFramePrefix(event, payload) + eventFrameSuffix(seq);
          expect(text).toBe(JSON.stringify({ type: 'event', event, payload, seq }));
        },
      ),
    );
  });

  it('[PW2] an event without number and version has neither field', () => {
    const text = eventFrame('connect.challenge', { nonce: 'n', ts: 1 });
    expect(text).toBe('{"type":"event","event":"connect.challenge","payload":{"nonce":"n","ts":1}}');
    assertFrame(text);
  });
});
