import type { Registry } from 'prom-client';
import type { DeliveryStatus } from '../notices/delivery.ts';
import { counter, gauge } from './read-metric.ts';

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
export function noticeMetrics(registry: Registry, notices: () => NoticeNumbers | undefined): void {
  gauge(registry, 'rollcall_notices_open', 'Open notices by severity.', ['severity'], (set) => {
    for (const { severity } of notices()?.status.open ?? []) set.inc({ severity });
  });
  counter(
    registry,
    'rollcall_notices_total',
    'Notices that were said, by rule and state.',
    ['rule', 'state'],
    (sum) => {
      for (const [word, count] of notices()?.counts ?? []) {
        const [rule = '', state = ''] = word.split(' ');
        sum.inc({ rule, state }, count);
      }
    },
  );
  counter(
    registry,
    'rollcall_notices_suppressed_total',
    'Notices that were not said because it was quiet.',
    [],
    (sum) => sum.inc(notices()?.status.suppressed ?? 0),
  );
  gauge(registry, 'rollcall_notices_queued', 'Messages that wait for a delivery.', ['delivery'], (set) => {
    for (const { name, queued } of notices()?.status.deliveries ?? []) set.set({ delivery: name }, queued);
  });
  const each = (name: string, help: string, read: (delivery: DeliveryStatus) => number): void =>
    counter(registry, `rollcall_notices_${name}_total`, help, ['delivery'], (sum) => {
      for (const delivery of notices()?.status.deliveries ?? [])
        sum.inc({ delivery: delivery.name }, read(delivery));
    });
  each('delivered', 'Messages that a delivery took.', ({ delivered }) => delivered);
  each('delivery_failures', 'Attempts of a delivery that failed.', ({ failures }) => failures);
  each('dropped', 'Messages that a delivery gave up.', ({ dropped }) => dropped);
  gauge(registry, 'rollcall_notices_heartbeat_up', '1 while the heartbeat is taken.', [], (set) => {
    const heartbeat = notices()?.heartbeat;
    if (heartbeat !== undefined) set.set(heartbeat === 'up' ? 1 : 0);
  });
}
