import { describe, expect, it } from 'vitest';
import { failures, figure, ratio } from './report.ts';
import { sampleReport } from './report-sample.ts';

const report = sampleReport('storm', {
  50: {
    'ws-raw': [{ seconds: 1 }, { seconds: 2 }, { seconds: 4 }],
    'rollcall-delta': [{ seconds: 2 }, { seconds: 6 }, { seconds: 4 }],
    'socketio-diff': [{ seconds: 9 }, 'wrong list', 'wrong list'],
  },
});
const raw = { size: 50, contender: 'ws-raw', metric: 'seconds' };

describe('report', () => {
  it('divides run by run, since the runs of one turn had the same load on the machine', () => {
    expect(ratio(report, { ...raw, contender: 'rollcall-delta' }, raw)).toEqual({
      median: 2,
      min: 1,
      max: 3,
    });
  });

  it('leaves failed runs out of figures and ratios', () => {
    const socketIo = { ...raw, contender: 'socketio-diff' };
    expect(figure(report, socketIo)).toEqual({ median: 9, min: 9, max: 9 });
    expect(ratio(report, socketIo, raw)).toEqual({ median: 9, min: 9, max: 9 });
  });

  it('has no figure of what was not measured', () => {
    expect(figure(report, { ...raw, contender: 'openclaw' })).toBeUndefined();
    expect(figure(report, { ...raw, size: 200 })).toBeUndefined();
    expect(ratio(report, raw, { ...raw, metric: 'p99Ms' })).toBeUndefined();
  });

  it('names each reason of failure once', () => {
    expect(failures(report.cells[0]?.contenders[2]?.runs ?? [])).toEqual(['wrong list']);
  });
});
