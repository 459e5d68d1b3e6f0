import { type ReadonlySignal, signal } from '@preact/signals';
import type { PresenceClient } from '../../client/index.ts';

/** The state of a gateway, as `gateways.list` sends it. */
export interface GatewayStanding {
  readonly name: string;
  readonly url?: string;
  readonly kind: 'self' | 'cluster' | 'upstream';
  readonly state: 'up' | 'connecting' | 'unreachable' | 'restarting' | 'refused';
  readonly sinceMs?: number;
  readonly lastHeardAtMs?: number;
  readonly version?: string;
  readonly latencyMs?: number;
  readonly rows?: number;
  readonly problem?: { readonly code: string; readonly message: string; readonly whatToDo?: string };
}

/** The gateways whose rows are in the roster. */
export interface Gateways {
  /** Empty until the gateway has answered, and for one without `gateways.list`. */
  readonly list: ReadonlySignal<readonly GatewayStanding[]>;
  load(): Promise<void>;
}

/** Requests them from a gateway. */
export function createGateways(client: Pick<PresenceClient, 'request'>): Gateways {
  const list = signal<readonly GatewayStanding[]>([]);
  return {
    list,
    async load() {
      try {
        const answer = await client.request<{ readonly gateways?: readonly GatewayStanding[] }>(
          'gateways.list',
          {},
        );
        const gateways = answer.gateways ?? [];
        if (JSON.stringify(gateways) !== JSON.stringify(list.peek())) list.value = gateways;
      } catch {
        // Another gateway may not serve it, or this token may lack the scope: then none are shown.
      }
    },
  };
}
