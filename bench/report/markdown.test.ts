import { describe, expect, it } from 'vitest';
import { questions } from '../scenarios/catalogue.ts';
import { storm } from '../scenarios/storm.ts';
import { barChart } from './chart.ts';
import { cellTable, performancePage } from './markdown.ts';
import { sampleReport } from './report-sample.ts';

const report = sampleReport('storm', {
  1000: {
    'ws-raw': [{ seconds: 0.4 }, { seconds: 0.5 }, { seconds: 0.42 }],
    'rollcall-delta': [{ seconds: 0.8 }, { seconds: 0.9 }, { seconds: 0.84 }],
    'socketio-diff': ['the view of b differs | 3 missing'],
  },
});

describe('ratio table', () => {
  const [cell] = report.cells;
  const lines = cell ? cellTable(report, storm, cell).split('\n') : [];

  it('puts the ratio against the baseline before every figure', () => {
    expect(lines[0]).toMatch(/^\| 1 000 clients \| × raw ws, no broadcast \| everybody sees everybody, s \|/);
    expect(lines[3]).toMatch(/^\| Rollcall, delta clients \| 2 \(1\.8 - 2\) \| 0\.84 \(0\.8 - 0\.9\) \|/);
  });

  it('shows a failure beside the name, with no figure', () => {
    expect(lines[4]).toMatch(
      /^\| Socket\.IO, diff \*\*FAILED: the view of b differs \/ 3 missing\*\* \| {2}\| {2}\|/,
    );
  });
});

describe('page', () => {
  it('shows target, measured and result, and names no machine', () => {
    const page = performancePage([report]);
    expect(page).toContain(
      '| storm of 1 000: delta clients against raw connects | at most 2.5 × | 2 × | ok | 2026-01-31 |',
    );
    expect(page).toContain('| list RPC against raw | at least 0.8 × |  | not measured |  |');
    expect(page).toContain('- 2026-01-31, 2 cores Some CPU, 8 GiB, Linux 6.1.0 x64, Node v20.19.0: storm.');
  });

  it('has a chart and the targets of each question', () => {
    const page = performancePage([report]);
    for (const { name, title } of questions)
      expect(page).toMatch(new RegExp(`## ${title}\\n[^#]*/${name}\\.svg\\)\\n\\n\\| target `));
  });

  it('shows that a machine was busy', () => {
    const busy = { ...report, machine: { ...report.machine, load: 3 } };
    expect(performancePage([busy])).toContain('storm (**busy**, load 3)');
  });

  it('draws a bar for every contender that has figures', () => {
    const chart = barChart(storm, report);
    expect(chart.match(/<rect x="230"/g)).toHaveLength(2);
    expect(chart).toContain('>0.84</text>');
    expect(chart).not.toContain('Socket.IO');
  });
});
