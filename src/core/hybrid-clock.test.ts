import { expect, it } from 'vitest';
import { compareStamps, HybridClock } from './hybrid-clock.ts';
import { gatewayIdOf, memberIdOf } from './member-id.ts';

it('grows although the wall clock goes back', () => {
  const clock = new HybridClock('a@1');
  const first = clock.next(1_000);
  const second = clock.next(400);
  expect(second).toEqual({ ms: 1_000, counter: first.counter + 1, memberId: 'a@1' });
  expect(compareStamps(first, second)).toBeLessThan(0);
});

it('is later than whatever it has seen, by however far that is ahead', () => {
  const [behind, ahead] = [new HybridClock('a@1'), new HybridClock('b@1')];
  const theirs = ahead.next(3_600_000);
  behind.observe(theirs);
  expect(compareStamps(behind.next(0), theirs)).toBeGreaterThan(0);
});

it('no two stamps of different members are the same', () => {
  const [a, b] = [new HybridClock('a@1').next(5), new HybridClock('b@1').next(5)];
  expect(compareStamps(a, b)).toBeLessThan(0);
  expect(compareStamps(b, a)).toBeGreaterThan(0);
  expect(compareStamps(a, a)).toBe(0);
});

it('a member id tells the gateway, whatever its id is', () => {
  expect(gatewayIdOf(memberIdOf('gate@home', 'run'))).toBe('gate@home');
  expect(() => memberIdOf('gate', 'a@b')).toThrow(TypeError);
});
