import { parseArgs } from 'node:util';

/** What the runner tells every peer of ours on its command line. */
export interface PeerArguments {
  /** TCP port on 127.0.0.1. */
  readonly port: number;
  /** How the peer broadcasts; a word of the peer. */
  readonly mode: string;
}

/** Reads `--port` and `--mode`; throws when the port is missing. */
export function peerArguments(): PeerArguments {
  const { values } = parseArgs({ options: { port: { type: 'string' }, mode: { type: 'string' } } });
  const port = Number(values.port);
  if (!Number.isInteger(port)) throw new TypeError('a peer needs --port NUMBER');
  return { port, mode: values.mode ?? '' };
}
