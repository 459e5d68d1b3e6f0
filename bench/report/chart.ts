import { contenderOf } from '../contender.ts';
import type { Metric, Scenario } from '../scenarios/scenario.ts';
import type { Summary } from '../statistics.ts';
import { numberText } from './number-text.ts';
import { figure, type ScenarioReport } from './report.ts';

const WIDTH = 860;
const LABEL_WIDTH = 230;
const VALUE_WIDTH = 110;
const BAR_HEIGHT = 16;
const ROW_HEIGHT = 22;
const GROUP_HEADER = 34;
const TOP = 44;

interface Bar {
  readonly label: string;
  readonly ours: boolean;
  readonly summary: Summary;
}

interface Group {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** Bars of the scenario's first metric on a logarithmic scale, one group per size; whiskers show the spread. */
export function barChart(scenario: Scenario, report: ScenarioReport): string {
  const [metric] = scenario.metrics;
  if (!metric) throw new TypeError(`scenario ${scenario.name} has no metric`);
  const groups = report.cells.map(({ size, contenders }) => ({
    title: `${numberText(size)} ${scenario.sizeUnit}`,
    bars: contenders.flatMap(({ contender }) => bar(report, size, contender, metric)),
  }));
  return svg(
    `${scenario.title}: ${metric.label}${metric.unit && `, ${metric.unit}`}`,
    better(metric),
    groups,
  );
}

function bar(report: ScenarioReport, size: number, contender: string, metric: Metric): Bar[] {
  const summary = figure(report, { size, contender, metric: metric.key });
  if (!summary || summary.median <= 0) return [];
  const { label, peer, isPlain = false } = contenderOf(contender);
  return [{ label, ours: !isPlain && (peer === 'rollcall' || peer === 'in-process'), summary }];
}

function better({ better: direction }: Metric): string {
  return direction === 'less' ? 'shorter is better, logarithmic' : 'longer is better, logarithmic';
}

function svg(title: string, note: string, groups: readonly Group[]): string {
  const scale = logScale(groups.flatMap(({ bars }) => bars.map(({ summary }) => summary)));
  let y = TOP;
  const body = groups.map((group) => {
    const text = groupSvg(group, y, scale);
    y += GROUP_HEADER + group.bars.length * ROW_HEIGHT;
    return text;
  });
  const height = y + 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="16" y="26" font-size="15" font-weight="600" fill="#1f2933">${escaped(title)}</text>`,
    `<text x="${WIDTH - 16}" y="26" text-anchor="end" fill="#616e7c">${note}</text>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

function groupSvg({ title, bars }: Group, top: number, scale: (value: number) => number): string {
  const heading = `<text x="16" y="${top + 20}" font-weight="600" fill="#323f4b">${escaped(title)}</text>`;
  return [
    heading,
    ...bars.map((one, index) => barSvg(one, top + GROUP_HEADER + index * ROW_HEIGHT, scale)),
  ].join('\n');
}

function barSvg({ label, ours, summary }: Bar, y: number, scale: (value: number) => number): string {
  const end = scale(summary.median);
  const middle = y + BAR_HEIGHT / 2;
  const [fill, weight] = ours ? ['#0b6bcb', '600'] : ['#9aa5b1', '400'];
  return [
    `<text x="${LABEL_WIDTH - 8}" y="${middle + 4}" text-anchor="end" font-weight="${weight}" fill="#323f4b">${escaped(label)}</text>`,
    `<rect x="${LABEL_WIDTH}" y="${y}" width="${(end - LABEL_WIDTH).toFixed(1)}" height="${BAR_HEIGHT}" rx="2" fill="${fill}"/>`,
    `<path d="M${scale(summary.min).toFixed(1)} ${middle}H${scale(summary.max).toFixed(1)}" stroke="#1f2933"/>`,
    `<text x="${(Math.max(end, scale(summary.max)) + 6).toFixed(1)}" y="${middle + 4}" fill="#323f4b">${numberText(summary.median)}</text>`,
  ].join('');
}

/** From a power of ten below the least value to the greatest. */
function logScale(summaries: readonly Summary[]): (value: number) => number {
  const least = Math.floor(
    Math.log10(Math.min(...summaries.map(({ min, median }) => (min > 0 ? min : median)))) - 0.05,
  );
  const greatest = Math.log10(Math.max(...summaries.map(({ max }) => max)));
  const width = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  return (value) => {
    const share = (Math.log10(value) - least) / (greatest - least || 1);
    return LABEL_WIDTH + Math.max(0, Math.min(1, share)) * width;
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
