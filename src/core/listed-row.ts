import type { InstanceView } from './entry.ts';
import type { Facts } from './facts.ts';

/** A row as any gateway lists it; our own gateway sends more. */
export type ListedRow = Facts &
  Pick<InstanceView, 'ts'> &
  Partial<
    Pick<
      InstanceView,
      | 'connections'
      | 'disconnectedAtMs'
      | 'gatewayIds'
      | 'key'
      | 'observedIp'
      | 'reportedIp'
      | 'self'
      | 'sources'
      | 'unreachableSinceMs'
    >
  >;
