import type { DeliveryStatus } from '../notices/delivery.ts';
import type { MetricSet } from './metric-set.ts';

/** What the metrics of notices are read from. */
export interface NoticeNumbers {
  readonly counts: ReadonlyMap<string, number>;
  readonly heartbeat: 'up' | 'failing' | undefined;
  readonly status: {
    readonly open: readonly { readonly severity: string }[];
    readonly deliveries: readonly DeliveryStatus[];
    readonly suppressed: number;
  };
}

/** Metrics of notices: labels are names in the configuration, never instances (PN16). */
export function noticeMetrics(metrics: MetricSet, notices: () => NoticeNumbers | undefined): void {
  metrics.gauge('rollcall_notices_open', 'Open notices by severity.', (samples) => {
    for (const { severity } of notices()?.status.open ?? []) samples.add({ severity });
  });
  metrics.counter('rollcall_notices_total', 'Notices that were said, by rule and state.', (samples) => {
    for (const [word, count] of notices()?.counts ?? []) {
      const [rule = '', state = ''] = word.split(' ');
      samples.add({ rule, state }, count);
    }
  });
  metrics.counter(
    'rollcall_notices_suppressed_total',
    'Notices that were not said because it was quiet.',
    (samples) => samples.add({}, notices()?.status.suppressed ?? 0),
  );
  metrics.gauge('rollcall_notices_queued', 'Messages that wait for a delivery.', (samples) => {
    for (const { name, queued } of notices()?.status.deliveries ?? [])
      samples.set({ delivery: name }, queued);
  });
  const each = (name: string, help: string, read: (delivery: DeliveryStatus) => number): void =>
    metrics.counter(`rollcall_notices_${name}_total`, help, (samples) => {
      for (const delivery of notices()?.status.deliveries ?? [])
        samples.add({ delivery: delivery.name }, read(delivery));
    });
  each('delivered', 'Messages that a delivery took.', ({ delivered }) => delivered);
  each('delivery_failures', 'Attempts of a delivery that failed.', ({ failures }) => failures);
  each('dropped', 'Messages that a delivery gave up.', ({ dropped }) => dropped);
  metrics.gauge('rollcall_notices_heartbeat_up', '1 while the heartbeat is taken.', (samples) => {
    const heartbeat = notices()?.heartbeat;
    if (heartbeat !== undefined) samples.set({}, heartbeat === 'up' ? 1 : 0);
  });
}
