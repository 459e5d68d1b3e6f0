import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advance,
  type Duty,
  newSchedule,
  type Rhythm,
  type Schedule,
  type ScheduleInput,
} from './schedule.ts';

const rhythm: Rhythm = { tickMs: 15_000, beaconIntervalMs: 60_000, statsIntervalMs: 60_000 };
const quiet: Rhythm = { tickMs: 15_000, beaconIntervalMs: 60_000 };

/** Applies inputs at moments (milliseconds, both clocks alike) and lists what was sent when. */
function play(inputs: readonly (readonly [number, ScheduleInput])[], at: Rhythm = quiet): string[] {
  let schedule: Schedule = newSchedule({ monoMs: 0, wallMs: 0 });
  const sent: string[] = [];
  for (const [ms, input] of inputs) {
    const step = advance(schedule, input, { monoMs: ms, wallMs: ms }, at);
    schedule = step.schedule;
    for (const duty of step.duties) sent.push(`${ms / 1000} ${word(duty)}`);
  }
  return sent;
}

function word(duty: Duty): string {
  return 'beacon' in duty ? duty.beacon : 'stats';
}

/** Ticks every 15 s from one moment to another, both included. */
function ticks(fromMs: number, toMs: number): (readonly [number, 'tick'])[] {
  const moments: (readonly [number, 'tick'])[] = [];
  for (let ms = fromMs; ms <= toMs; ms += 15_000) moments.push([ms, 'tick']);
  return moments;
}

describe('the schedule of an agent', () => {
  it('beacons at launch, then once per interval, and `disconnect` at the end', () => {
    expect(play([[0, 'connected'], ...ticks(15_000, 120_000), [125_000, 'stop']])).toEqual([
      '0 launch',
      '60 periodic',
      '120 periodic',
      '125 disconnect',
    ]);
  });

  it('sends host stats beside the beacons of a node', () => {
    expect(play([[0, 'connected'], ...ticks(15_000, 60_000)], rhythm)).toEqual([
      '0 launch',
      '0 stats',
      '60 periodic',
      '60 stats',
    ]);
  });

  it('sends everything at once on a new connection', () => {
    const lost: [number, ScheduleInput][] = [
      [0, 'connected'],
      [5_000, 'disconnected'],
      [9_000, 'connected'],
    ];
    expect(play(lost)).toEqual(['0 launch', '9 periodic']);
  });

  it('beacons after a sleep', () => {
    expect(play([[0, 'connected'], ...ticks(15_000, 30_000), [3_600_000, 'tick']])).toEqual([
      '0 launch',
      '3600 wake',
    ]);
  });

  it('reports a sleep that cut the connection when it is back', () => {
    const slept: [number, ScheduleInput][] = [
      [0, 'connected'],
      [15_000, 'disconnected'],
      [3_600_000, 'tick'],
      [3_602_000, 'connected'],
      [3_615_000, 'tick'],
    ];
    expect(play(slept)).toEqual(['0 launch', '3602 wake']);
  });

  it('sends no `disconnect` without a connection', () => {
    expect(play([[0, 'stop']])).toEqual([]);
    expect(
      play([
        [0, 'connected'],
        [1, 'disconnected'],
        [2, 'stop'],
      ]),
    ).toEqual(['0 launch']);
  });

  it('always sends nothing while disconnected, and launch exactly once', () => {
    const input = fc.constantFrom<ScheduleInput>('connected', 'disconnected', 'tick');
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 100_000 }), input), { maxLength: 60 });
    fc.assert(fc.property(steps, keepsItsWord));
  });
});

function keepsItsWord(steps: readonly (readonly [number, ScheduleInput])[]): void {
  let schedule = newSchedule({ monoMs: 0, wallMs: 0 });
  let ms = 0;
  const beacons: string[] = [];
  for (const [gapMs, input] of steps) {
    ms += gapMs;
    const step = advance(schedule, input, { monoMs: ms, wallMs: ms }, rhythm);
    schedule = step.schedule;
    if (!schedule.connected) expect(step.duties).toEqual([]);
    beacons.push(...step.duties.map(word).filter((duty) => duty !== 'stats'));
  }
  expect(beacons.filter((reason) => reason === 'launch')).toHaveLength(beacons.length === 0 ? 0 : 1);
  expect(beacons[0] ?? 'launch').toBe('launch');
}
