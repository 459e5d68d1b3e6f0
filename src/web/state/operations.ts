import type { ClientState, PresenceClient } from '../../client/index.ts';
import type { Annotations } from '../format/names.ts';

/** Operations on an instance. */
export interface Operations {
  /** Whether the gateway offers an operation and this token may call it. */
  may(
    operation:
      | 'presence.annotate'
      | 'presence.disconnect'
      | 'presence.remove'
      | 'presence.journal'
      | 'notices.acknowledge',
  ): boolean;
  annotate(key: string, change: Partial<Record<keyof Annotations, unknown>>): Promise<Outcome>;
  disconnect(key: string): Promise<Outcome>;
  remove(key: string): Promise<Outcome>;
  /** Acknowledges an open notice. */
  acknowledge(noticeId: string): Promise<Outcome>;
}

/** Undefined on success, else the message of the gateway. */
export type Outcome = string | undefined;

/** Operations that only `operator.admin` may call; the others need to read. */
const adminOnly: ReadonlySet<string> = new Set([
  'presence.annotate',
  'presence.disconnect',
  'presence.remove',
  'notices.acknowledge',
]);

/** Makes the operations of a client. */
export function createOperations(client: Pick<PresenceClient, 'state' | 'request'>): Operations {
  const call = async (method: string, params: object): Promise<Outcome> => {
    try {
      await client.request(method, params);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  return {
    may(operation) {
      const { state } = client;
      if (state.phase !== 'connected' || !offeredBy(state).includes(operation)) return false;
      return !adminOnly.has(operation) || state.scopes.includes('operator.admin');
    },
    annotate: (key, change) => call('presence.annotate', { key, ...change }),
    disconnect: (key) => call('presence.disconnect', { key }),
    remove: (key) => call('presence.remove', { key }),
    acknowledge: (noticeId) => call('notices.acknowledge', { noticeId }),
  };
}

/** The methods that a gateway named in its hello. */
function offeredBy(state: Extract<ClientState, { phase: 'connected' }>): readonly string[] {
  return state.methods ?? [];
}
