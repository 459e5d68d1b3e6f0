import type { ListeningGateway } from './listening-gateway.ts';
import { rosterObserver } from './roster-observer.ts';
import type { Closed } from './wire-client.ts';
import type { RefusedFrame } from './wire-frame.ts';

/** How a handshake was refused. */
export interface Refused {
  readonly error: RefusedFrame['error'];
  readonly closed: Closed;
}

/** Sends a `connect` that must be refused, and checks that the roster stays as it was. */
export async function refusedConnect(
  gateway: ListeningGateway,
  params: (nonce: string) => unknown,
  options: Parameters<ListeningGateway['dial']>[0] = {},
): Promise<Refused> {
  const observer = await rosterObserver(gateway);
  return observer.unchangedBy(async () => {
    const client = gateway.dial(options);
    const error = await client.refused('connect', params(await client.nonce()));
    return { error, closed: await client.closed };
  });
}
