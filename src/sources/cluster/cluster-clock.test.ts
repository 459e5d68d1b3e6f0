import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { ClusterClock } from './cluster-clock.ts';

it("[PT4] shows the machine's time until the engine's clock was read, then the engine's, whatever the machine's does", () => {
  const machine = new ManualClock({ monoMs: 100, wallMs: 5_000_000 });
  const clock = new ClusterClock(machine);
  expect(clock.now()).toEqual({ monoMs: 100, wallMs: 5_000_000 });
  expect(clock.machineAheadMs()).toBeUndefined();
  clock.learn({ monoMs: 100, engineMs: 1_400_000, uncertaintyMs: 5 });
  expect(clock.machineAheadMs()).toBe(3_600_000);
  machine.advance(50);
  machine.setWall(0);
  expect(clock.now()).toEqual({ monoMs: 150, wallMs: 1_400_050 });
});

it('[PT4] keeps a good reading against a worse one, and replaces it by one that contradicts it', () => {
  const machine = new ManualClock({ monoMs: 0 });
  const clock = new ClusterClock(machine);
  clock.learn({ monoMs: 0, engineMs: 1_000, uncertaintyMs: 2 });
  clock.learn({ monoMs: 0, engineMs: 1_030, uncertaintyMs: 40 });
  expect(clock.now().wallMs).toBe(1_000);
  clock.learn({ monoMs: 0, engineMs: 1_001, uncertaintyMs: 1 });
  expect(clock.now().wallMs).toBe(1_001);
  clock.learn({ monoMs: 0, engineMs: 9_000, uncertaintyMs: 40 });
  expect(clock.now().wallMs).toBe(9_000);
});
