import { parseArgs } from 'node:util';

/** Arguments that the runner passes to every peer of ours. */
export interface PeerArguments {
  /** TCP port on 127.0.0.1. */
  readonly port: number;
  /** How the peer broadcasts; the values are defined by the peer. */
  readonly mode: string;
}

/** Reads `--port` and `--mode`; throws when the port is missing. */
export function peerArguments(): PeerArguments {
  const { values } = parseArgs({ options: { port: { type: 'string' }, mode: { type: 'string' } } });
  const port = Number(values.port);
  if (!Number.isInteger(port)) throw new TypeError('a peer needs --port NUMBER');
  return { port, mode: values.mode ?? '' };
}
