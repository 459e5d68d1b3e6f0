import { afterEach, beforeEach } from 'vitest';
import {
  type CommandHome,
  createCommandHome,
  type RollcallProcess,
  startRollcall,
} from './rollcall-process.ts';
import { WireClient } from './wire-client.ts';

/** A built gateway that runs as a process of its own on a free port. */
export interface GatewayProcess extends RollcallProcess {
  readonly url: string;
  readonly banner: string;
  /** A client that has not sent anything yet. */
  dial(options?: ConstructorParameters<typeof WireClient>[1]): WireClient;
}

/** Starts gateways for a test file; each test has a home folder of its own. */
export interface GatewayProcesses {
  home(): CommandHome;
  start(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<GatewayProcess>;
}

/** Makes the starter of gateways for a test file; what a test started ends after it. */
export function gatewayProcesses(): GatewayProcesses {
  let home: CommandHome;
  const cleanups: (() => unknown)[] = [];
  beforeEach(() => {
    home = createCommandHome();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    home.remove();
  });
  return {
    home: () => home,
    async start(args = [], env = {}) {
      const child = startRollcall(['gateway', '--port', '0', ...args], { ...home.env, ...env });
      cleanups.push(() => {
        child.kill('SIGKILL');
        return child.ended;
      });
      const banner = await child.printed('Press Ctrl+C to stop.');
      const url = /wss?:\/\/\S+/.exec(banner)?.[0] ?? '';
      return {
        ...child,
        url,
        banner,
        dial(options = {}) {
          const client = new WireClient(url, options);
          cleanups.push(() => client.socket.terminate());
          return client;
        },
      };
    },
  };
}
