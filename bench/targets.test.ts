import { describe, expect, it } from 'vitest';
import { sampleReport } from './report/report-sample.ts';
import { scenarioOf } from './scenarios/catalogue.ts';
import { checkTargets, targets } from './targets.ts';

function result(text: string, reports: Parameters<typeof checkTargets>[0]) {
  return checkTargets(reports).find(({ target }) => target.text.startsWith(text));
}

describe('targets', () => {
  it('checks a ratio of two contenders', () => {
    const storm = sampleReport('storm', {
      1000: {
        'ws-raw': [{ seconds: 1 }],
        'rollcall-delta': [{ seconds: 2 }],
        'socketio-diff': [{ seconds: 8 }],
      },
    });
    expect(result('storm of 1 000: delta clients against raw', [storm])).toMatchObject({
      measured: 2,
      result: 'ok',
    });
    expect(result('storm of 1 000: delta clients against Socket.IO', [storm])).toMatchObject({
      measured: 0.25,
      result: 'missed',
    });
  });

  it('checks growth over sizes and spread over all sizes', () => {
    const cost = sampleReport('update-cost', {
      200: { 'rollcall-delta': [{ cpuMicrosPerBeacon: 20 }] },
      100000: { 'rollcall-delta': [{ cpuMicrosPerBeacon: 28 }] },
    });
    const roster = sampleReport('roster', {
      200: { roster: [{ touchesPerSecond: 300 }] },
      10000: { roster: [{ touchesPerSecond: 100 }] },
    });
    expect(result('cost of an update', [cost])).toMatchObject({ measured: 1.4, result: 'ok' });
    expect(result('roster: touch', [roster])).toMatchObject({ measured: 3, result: 'missed' });
  });

  it('checks how much more than without', () => {
    const journal = sampleReport('journal', {
      200: { 'journal-off': [{ microsPerChange: 3 }], journal: [{ microsPerChange: 5 }] },
    });
    expect(result('journal: a change costs more', [journal])).toMatchObject({ measured: 2, result: 'ok' });
  });

  it('leaves open what was not measured', () => {
    expect(checkTargets([]).every(({ result }) => result === 'not measured')).toBe(true);
    const start = sampleReport('commands', { 1: { 'command-gateway': [{ restMebibytes: 60 }] } });
    expect(result('rollcall gateway: memory', [start])?.result).toBe('ok');
    expect(result('rollcall gateway: memory', [{ ...start, quick: true }])?.result).toBe('not measured');
  });

  it('names only scenarios that exist', () => {
    for (const { scenario } of targets) expect(scenarioOf(scenario).name).toBe(scenario);
  });
});
