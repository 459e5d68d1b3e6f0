import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Beacon, parseBeacon } from './beacon.ts';

function accepted(params: unknown): Beacon {
  const parsed = parseBeacon(params);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

function refusedMessage(params: unknown): string | undefined {
  const parsed = parseBeacon(params);
  return parsed.ok ? undefined : parsed.error.message;
}

const line = 'Node: mac (192.0.2.7) · app 1.2 · last input 5s ago · mode ui · reason periodic';

describe('parseBeacon', () => {
  it('[PR6] takes every field of a beacon in normal form', () => {
    const params = {
      text: ' hello ',
      instanceId: ' I ',
      deviceId: 'ABCDEF',
      host: 'mac',
      ip: '::ffff:192.0.2.1',
      version: '1',
      platform: 'macOS 15.1',
      deviceFamily: 'Mac',
      modelIdentifier: 'MacBookPro18,3',
      timeZone: 'Europe/Paris',
      mode: 'UI',
      lastInputSeconds: 12,
      reason: 'launch',
      roles: ['operator', ' operator ', ''],
      scopes: ['operator.read'],
      tags: ['a', 'b', 'a'],
    };
    expect(accepted(params)).toEqual({
      facts: {
        ...params,
        text: 'hello',
        instanceId: 'I',
        deviceId: 'abcdef',
        ip: '192.0.2.1',
        roles: ['operator'],
        tags: ['a', 'b'],
      },
      clearLastInput: false,
    });
  });

  it('[PR6] reads a Node: line; explicit params win over it', () => {
    expect(accepted({ text: line }).facts).toEqual({
      text: line,
      host: 'mac',
      ip: '192.0.2.7',
      version: '1.2',
      lastInputSeconds: 5,
      mode: 'ui',
      reason: 'periodic',
    });
    const facts = accepted({ text: line, host: 'other', lastInputSeconds: 0, mode: ' ' }).facts;
    expect(facts).toMatchObject({ host: 'other', lastInputSeconds: 0, mode: 'ui', ip: '192.0.2.7' });
  });

  it('[PR6] unknown fields are accepted and ignored', () => {
    const params = { text: 'x', idempotencyKey: 'k', sessionKey: 7, wake: { now: true }, future: null };
    expect(accepted(params)).toEqual({ facts: { text: 'x' }, clearLastInput: false });
  });

  it('[PR6] the clear tag and `last input unknown` clear the last input; the tag is not stored', () => {
    const tag = 'system-presence-clear-last-input';
    expect(accepted({ text: 'x', tags: [tag] })).toEqual({ facts: { text: 'x' }, clearLastInput: true });
    expect(accepted({ text: line, tags: [` ${tag}`, 'a'], lastInputSeconds: 9 })).toMatchObject({
      facts: { tags: ['a'] },
      clearLastInput: true,
    });
    expect(accepted({ text: line, tags: [tag] }).facts).not.toHaveProperty('lastInputSeconds');
    const unknown = 'Node: mac · last input unknown';
    expect(accepted({ text: unknown }).clearLastInput).toBe(true);
    expect(accepted({ text: unknown, lastInputSeconds: 3 })).toMatchObject({
      facts: { lastInputSeconds: 3 },
      clearLastInput: false,
    });
  });

  it.each(['ip-unknown', 'home', 'localhost', '0.0.0.0', '127.0.0.1:80', ''])(
    '[PI1] %j as an address is left out, and the beacon taken',
    (ip) => {
      const parsed = parseBeacon({ text: 'x', host: 'mac', ip });
      expect(parsed).toMatchObject({ ok: true, value: { facts: { text: 'x', host: 'mac' } } });
      expect(parsed.ok && parsed.value.facts.ip).toBeFalsy();
    },
  );

  it('[PF2] a value that draws nothing is absent, and a text of nothing is required', () => {
    const parsed = parseBeacon({ text: '\u202ahi', host: '\u200b\u2066', mode: '\u3164' });
    expect(parsed.ok && parsed.value.facts).toEqual({ text: 'hi' });
    expect(parseBeacon({ text: '\u2800' }).ok).toBe(false);
  });

  it('[PI1] a loopback or unspecified address is left out', () => {
    for (const ip of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '0.0.0.0', '::', ' ']) {
      expect(accepted({ text: 'x', ip }).facts).toEqual({ text: 'x' });
    }
  });

  it('[PK1] a blank id counts as absent', () => {
    expect(accepted({ text: 'x', instanceId: '  ', deviceId: '' }).facts).toEqual({ text: 'x' });
  });

  it.each([undefined, null, {}, { text: '' }, { text: ' \n ' }, { host: 'a' }])(
    '[PW10] %j: text required',
    (p) => {
      expect(refusedMessage(p)).toBe('text required');
    },
  );

  it.each([
    [[], '/: must be object'],
    ['text', '/: must be object'],
    [{ text: 7 }, '/text: must be string'],
    [{ text: null }, '/text: must be string'],
    [{ text: 'x'.repeat(1025) }, '/text: must '],
    [{ text: 'a\nb' }, '/text: must not contain control characters'],
    [{ text: 'a\ud800b' }, '/text: must not contain control characters'],
    [{ text: 'x', host: 7 }, '/host: must be string'],
    [{ text: 'x', host: null }, '/host: must be string'],
    [{ text: 'x', host: 'x'.repeat(257) }, '/host: must '],
    [{ text: 'x', host: `e${'\u0301'.repeat(300)}` }, '/host: must have at most 256 characters'],
    [{ text: 'x', mode: 'a\u001b[31m' }, '/mode: must not contain control characters'],
    [{ text: 'x', ip: 7 }, '/ip: must be string'],
    [{ text: 'x', lastInputSeconds: 12.7 }, '/lastInputSeconds: must be integer'],
    [{ text: 'x', lastInputSeconds: '12' }, '/lastInputSeconds: must be integer'],
    [{ text: 'x', lastInputSeconds: -1.5 }, '/lastInputSeconds: must be integer'],
    [{ text: 'x', lastInputSeconds: -1 }, '/lastInputSeconds: must be >= 0'],
    [{ text: 'x', lastInputSeconds: 1e300 }, '/lastInputSeconds: must be <= '],
    [{ text: 'x', roles: 'node' }, '/roles: must be array'],
    [{ text: 'x', tags: [1] }, '/tags/0: must be string'],
    [{ text: 'x', tags: ['a', 'b'.repeat(257)] }, '/tags/1: must '],
    [{ text: 'x', tags: Array.from({ length: 33 }, String) }, '/tags: must not have more than 32 items'],
    [{ text: `Node: ${'h'.repeat(257)}` }, '/text/host: must have at most 256 characters'],
  ])('[PL4] refuses %j naming the field', (params, message) => {
    expect(refusedMessage(params)).toContain(`invalid system-event params: at ${message}`);
  });

  it('[PF1] accepted facts are never null, empty, negative or a float, whatever the params', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.constant(null), fc.array(fc.string()));
    const names = ['host', 'ip', 'mode', 'instanceId', 'deviceId', 'lastInputSeconds', 'tags', 'roles'];
    const params = fc.dictionary(fc.constantFrom(...names), value);
    fc.assert(
      fc.property(fc.string(), params, (text, rest) => {
        const parsed = parseBeacon({ ...rest, text });
        if (!parsed.ok) return;
        for (const fact of Object.values(parsed.value.facts)) {
          if (typeof fact === 'number') expect(Number.isInteger(fact) && fact >= 0).toBe(true);
          else expect(fact.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('[PW10] never throws, whatever the params', () => {
    fc.assert(fc.property(fc.jsonValue(), (params) => void parseBeacon(params)));
  });
});
