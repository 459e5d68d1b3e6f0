/** The labels of one sample; values are written as they are, escaped. */
export type Labels = Readonly<Record<string, string>>;

/** The samples of one metric at one reading. */
export class Samples {
  readonly #values = new Map<string, number>();

  set(labels: Labels, value: number): void {
    this.#values.set(labelText(labels), value);
  }

  add(labels: Labels, value = 1): void {
    const text = labelText(labels);
    this.#values.set(text, (this.#values.get(text) ?? 0) + value);
  }

  /** What was set or added, by the labels as they are written, in that order. */
  entries(): Iterable<readonly [labels: string, value: number]> {
    return this.#values;
  }
}

/** A metric that is read when somebody asks. */
interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly read: (samples: Samples) => void;
}

/**
 * Metrics in the text format of Prometheus, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/.
 *
 * Nothing is stored: every value is read from where it is counted, whenever somebody asks.
 */
export class MetricSet {
  readonly #metrics: Metric[] = [];

  /** A value that goes up and down; `read` sets one sample per set of labels. */
  gauge(name: string, help: string, read: (samples: Samples) => void): void {
    this.#metrics.push({ name, type: 'gauge', help, read });
  }

  /** A count since the start of the process. */
  counter(name: string, help: string, read: (samples: Samples) => void): void {
    this.#metrics.push({ name, type: 'counter', help, read });
  }

  text(): string {
    return this.#metrics.map(metricText).join('\n');
  }
}

function metricText({ name, type, help, read }: Metric): string {
  const samples = new Samples();
  read(samples);
  const lines = [...samples.entries()].map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
}
