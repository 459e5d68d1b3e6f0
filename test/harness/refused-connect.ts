import type { ListeningGateway } from './listening-gateway.ts';
import { rosterWitness } from './roster-witness.ts';
import type { Closed } from './wire-client.ts';
import type { RefusedFrame } from './wire-frame.ts';

/** How a handshake was refused. */
export interface Refused {
  readonly error: RefusedFrame['error'];
  readonly closed: Closed;
}

/** Sends a `connect` that must be refused, and sees that the roster stays as it was. */
export async function refusedConnect(
  gateway: ListeningGateway,
  params: (nonce: string) => unknown,
  options: Parameters<ListeningGateway['dial']>[0] = {},
): Promise<Refused> {
  const witness = await rosterWitness(gateway);
  return witness.unchangedBy(async () => {
    const client = gateway.dial(options);
    const error = await client.refused('connect', params(await client.nonce()));
    return { error, closed: await client.closed };
  });
}
