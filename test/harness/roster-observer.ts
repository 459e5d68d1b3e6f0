import { expect } from 'vitest';
import type { PresenceListResult } from '../../src/protocol/index.ts';
import type { ListeningGateway } from './listening-gateway.ts';

/** A hidden reader of a gateway's roster. */
export interface RosterObserver {
  list(): Promise<PresenceListResult>;
  /** Runs something that must not change the roster: same version, same rows, before and after. */
  unchangedBy<T>(act: () => Promise<T>): Promise<T>;
}

/** Connects a client of mode `cli`, which never becomes a row, to read the roster. */
export async function rosterObserver(gateway: ListeningGateway): Promise<RosterObserver> {
  const client = gateway.dial();
  await client.connect({ client: { id: 'observer', mode: 'cli' }, scopes: ['operator.read'] });
  const list = (): Promise<PresenceListResult> => client.call('presence.list');
  return {
    list,
    async unchangedBy(act) {
      const before = await list();
      const result = await act();
      expect(await list()).toEqual(before);
      return result;
    },
  };
}
