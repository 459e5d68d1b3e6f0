import type { InstanceView, PresenceEntry } from './entry.ts';

/** A row as any gateway lists it; our own gateway says more. */
export type ListedRow = PresenceEntry &
  Partial<
    Pick<
      InstanceView,
      | 'connections'
      | 'disconnectedAtMs'
      | 'key'
      | 'observedIp'
      | 'reportedIp'
      | 'self'
      | 'sources'
      | 'unreachableSinceMs'
    >
  >;
