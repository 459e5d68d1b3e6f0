import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionLimiter, type ConnectionSlot } from './connection-limiter.ts';

function take(slots: ConnectionLimiter, address = '192.0.2.1'): ConnectionSlot {
  const slot = slots.take(address);
  if ('error' in slot) throw new Error(slot.error.message);
  return slot;
}

const tooMany = { code: 'UNAVAILABLE', retryable: true, httpStatus: 503 };

describe('places for connections', () => {
  it('[PL1] an address has so many before the handshake; each that authenticates or leaves makes room', () => {
    const slots = new ConnectionLimiter({ maxConnections: 100, maxPreauthSocketsPerAddress: 2 });
    const first = take(slots);
    const second = take(slots);
    expect(slots.take('192.0.2.1')).toEqual({ error: expect.objectContaining(tooMany) });
    expect(slots.take('::ffff:192.0.2.1')).toHaveProperty('error');
    take(slots, '192.0.2.2');
    first.authenticated();
    take(slots);
    second.release();
    take(slots);
    expect(slots.take('192.0.2.1')).toHaveProperty('error');
    expect(slots.taken).toBe(4);
  });

  it('[PL1] a whole IPv6 network counts as one address', () => {
    const slots = new ConnectionLimiter({ maxConnections: 100, maxPreauthSocketsPerAddress: 1 });
    take(slots, '2001:db8:1:2::1');
    expect(slots.take('2001:db8:1:2:ffff::9')).toHaveProperty('error');
    take(slots, '2001:db8:1:3::1');
  });

  it('[PL5] beyond maxConnections there is none, authenticated or not', () => {
    const slots = new ConnectionLimiter({ maxConnections: 2, maxPreauthSocketsPerAddress: 2 });
    const first = take(slots, '192.0.2.1');
    first.authenticated();
    take(slots, '192.0.2.2');
    expect(slots.take('192.0.2.3')).toEqual({
      error: expect.objectContaining({ ...tooMany, message: 'too many connections' }),
    });
    first.release();
    take(slots, '192.0.2.3');
  });

  it('[PW8] a gateway that stops is notified, once, when the last has gone', () => {
    const slots = new ConnectionLimiter({ maxConnections: 9, maxPreauthSocketsPerAddress: 9 });
    const [first, second] = [take(slots), take(slots)];
    let calls = 0;
    slots.close(() => {
      calls += 1;
    });
    first.release();
    expect(calls).toBe(0);
    second.release();
    second.release();
    expect(calls).toBe(1);
    slots.close(() => {
      calls += 1;
    });
    expect(calls).toBe(2);
  });

  it('[PW8] a gateway that stops has none', () => {
    const slots = new ConnectionLimiter({ maxConnections: 2, maxPreauthSocketsPerAddress: 2 });
    slots.close();
    expect(slots.take('192.0.2.1')).toEqual({
      error: expect.objectContaining({ ...tooMany, message: 'the gateway is stopping (retry later)' }),
    });
  });

  it('[PL1] [PL5] the counts are right after any order of calls, and end at nothing', () => {
    const step = fc.record({ kind: fc.constantFrom('take', 'authenticated', 'release'), at: fc.nat(9) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const slots = new ConnectionLimiter({ maxConnections: 5, maxPreauthSocketsPerAddress: 3 });
        const held: ConnectionSlot[] = [];
        for (const { kind, at } of steps) {
          const slot = held[at];
          if (kind === 'take') {
            const taken = slots.take('192.0.2.1');
            if (!('error' in taken)) held.push(taken);
          } else if (kind === 'release') slot?.release();
          else slot?.authenticated();
        }
        expect(slots.taken).toBeLessThanOrEqual(5);
        for (const slot of held) slot.release();
        for (const slot of held) slot.authenticated();
        expect(slots.taken).toBe(0);
        for (let places = 0; places < 3; places += 1) take(slots);
        expect(slots.take('192.0.2.1')).toHaveProperty('error');
      }),
    );
  });
});
