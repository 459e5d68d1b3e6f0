import { expect, it } from 'vitest';
import { MetricSet } from './metric-set.ts';

it('[PA4] writes metrics in the text format of Prometheus, read anew each time', () => {
  const metrics = new MetricSet();
  let streams = 1;
  metrics.gauge('rollcall_streams', 'Readers of events.', (samples) => samples.set({}, streams));
  metrics.counter('rollcall_changes_total', 'Changes.', (samples) => {
    samples.add({ kind: 'join', cause: 'a "quoted"\n\\ word' });
    samples.add({ kind: 'join', cause: 'a "quoted"\n\\ word' }, 2);
  });
  metrics.gauge('rollcall_nothing', 'No sample.', () => {});
  expect(metrics.text()).toBe(`# HELP rollcall_streams Readers of events.
# TYPE rollcall_streams gauge
rollcall_streams 1

# HELP rollcall_changes_total Changes.
# TYPE rollcall_changes_total counter
rollcall_changes_total{kind="join",cause="a \\"quoted\\"\\n\\\\ word"} 3

# HELP rollcall_nothing No sample.
# TYPE rollcall_nothing gauge
`);
  streams = 4;
  expect(metrics.text()).toContain('\nrollcall_streams 4\n');
});
