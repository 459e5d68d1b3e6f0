import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuthLockout, maxOffenders } from './auth-lockout.ts';

const rules = {
  maxAuthFailures: 10,
  authFailureWindowMs: 60_000,
  authLockoutMs: 300_000,
  authLockoutLoopback: false,
};
const at = (address: string | undefined, isForwarded = false) => ({
  address,
  isForwarded,
  origin: undefined,
  host: undefined,
});

function fail(lockout: AuthLockout, peer = at('192.0.2.1'), times = 10, monoMs = 0): boolean {
  let isShutOut = false;
  for (let failure = 0; failure < times; failure += 1) isShutOut = lockout.failed(peer, monoMs);
  return isShutOut;
}

describe('a lockout', () => {
  it('[PA7] begins with the tenth failure within a minute and lasts five minutes', () => {
    const lockout = new AuthLockout(rules);
    expect(fail(lockout, at('192.0.2.1'), 9, 0)).toBe(false);
    expect(lockout.remainingMs(at('192.0.2.1'), 59_999)).toBeUndefined();
    expect(lockout.failed(at('192.0.2.1'), 59_999)).toBe(true);
    expect(lockout.remainingMs(at('192.0.2.1'), 59_999)).toBe(300_000);
    expect(lockout.remainingMs(at('192.0.2.1'), 359_998)).toBe(1);
    expect(lockout.remainingMs(at('192.0.2.1'), 359_999)).toBeUndefined();
    expect(lockout.failed(at('192.0.2.1'), 359_999)).toBe(false);
  });

  it('[PA7] does not begin when the failures are spread over more than a minute', () => {
    const lockout = new AuthLockout(rules);
    for (let failure = 0; failure < 100; failure += 1) {
      expect(lockout.failed(at('192.0.2.1'), failure * 6_700)).toBe(false);
    }
  });

  it('[PA7] is about one address, in whatever form it is written', () => {
    const lockout = new AuthLockout(rules);
    fail(lockout, at('192.0.2.1'), 5);
    expect(fail(lockout, at('::ffff:192.0.2.1'), 5)).toBe(true);
    expect(lockout.remainingMs(at('192.0.2.2'), 0)).toBeUndefined();
  });

  it('[PA7] is about a whole IPv6 network: its owner has as many addresses as it likes', () => {
    const lockout = new AuthLockout(rules);
    for (let host = 1; host <= 10; host += 1) lockout.failed(at(`2001:db8::${host}`), 0);
    expect(lockout.remainingMs(at('2001:db8::ffff'), 0)).toBe(300_000);
    expect(lockout.remainingMs(at('2001:db8:0:1::1'), 0)).toBeUndefined();
  });

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('[PA7] exempts loopback: %s', (address) => {
    expect(fail(new AuthLockout(rules), at(address), 1_000)).toBe(false);
    expect(fail(new AuthLockout({ ...rules, authLockoutLoopback: true }), at(address))).toBe(true);
  });

  it('[PA7] does not exempt a proxy on this machine, nor a client that claims to be one', () => {
    expect(fail(new AuthLockout(rules), at('127.0.0.1', true))).toBe(true);
  });

  it('[PA7] can be switched off', () => {
    expect(fail(new AuthLockout({ ...rules, maxAuthFailures: 0 }), at('192.0.2.1'), 1_000)).toBe(false);
  });

  it('[PA7] keeps a bounded number of addresses: those that failed last', () => {
    const lockout = new AuthLockout(rules);
    const addressOf = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
    fail(lockout, at('192.0.2.1'), 9);
    for (let n = 0; n < 2 * maxOffenders; n += 1) {
      lockout.failed(at(addressOf(n)), 1);
      if (n % 1_000 === 0) lockout.failed(at('192.0.2.9'), n * 100);
    }
    expect(lockout.size).toBe(maxOffenders);
    expect(lockout.failed(at('192.0.2.1'), 2)).toBe(false);
  });

  it('[PA7] locks out exactly when the last ten failures lie within the window', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 60 }), (gaps) => {
        const lockout = new AuthLockout({ ...rules, authLockoutMs: 1 });
        let nowMs = 0;
        let counted: number[] = [];
        for (const gapMs of gaps) {
          nowMs += gapMs;
          counted = [...counted, nowMs].filter((failedMs) => nowMs - failedMs < 60_000);
          const isTenth = counted.length === 10;
          expect(lockout.failed(at('192.0.2.1'), nowMs)).toBe(isTenth);
          if (isTenth) counted = [];
        }
      }),
    );
  });
});
