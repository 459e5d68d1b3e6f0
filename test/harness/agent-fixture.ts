import { createPresenceClient, type Instance, type PresenceClient } from '../../src/client/index.ts';
import { wsSocket } from '../../src/client/node/index.ts';
import { createGateway } from '../../src/gateway/index.ts';
import {
  type CommandHome,
  createCommandHome,
  type RollcallProcess,
  startRollcall,
} from './rollcall-process.ts';
import { until } from './until.ts';

/** A gateway, a viewer of it, and a home folder for agents. */
export interface AgentFixture {
  readonly home: CommandHome;
  /** What a command needs to find the gateway. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts the built `rollcall agent` with these flags. */
  startAgent(flags: readonly string[], env?: Readonly<Record<string, string>>): RollcallProcess;
  /** The rows but the gateway's own. */
  rows(): readonly Instance[];
  /** Waits for a row, not the gateway's own, that matches. The time limit is that of the test. */
  row(isWanted: (row: Instance) => boolean): Promise<Instance>;
  close(): Promise<void>;
}

const token = 'secret-of-the-test';

/** Starts the gateway on a free port. */
export async function createAgentFixture(): Promise<AgentFixture> {
  const home = createCommandHome();
  const gateway = createGateway({ port: 0, auth: { mode: 'token', token } });
  const { url } = await gateway.start();
  const env = { ...home.env, ROLLCALL_URL: url, ROLLCALL_TOKEN: token };
  const viewer = createPresenceClient({ url, token, client: { mode: 'cli' }, createSocket: wsSocket() });
  viewer.start();
  const agents: RollcallProcess[] = [];
  return {
    home,
    env,
    startAgent: (flags, more = {}) => {
      const agent = startRollcall(['agent', ...flags], { ...env, ...more });
      agents.push(agent);
      return agent;
    },
    rows: () => others(viewer),
    row: async (isWanted) => {
      let found: Instance | undefined;
      await until(viewer, () => {
        found = others(viewer).find(isWanted);
        return found !== undefined;
      });
      return found as Instance;
    },
    close: async () => {
      for (const agent of agents) agent.kill('SIGKILL');
      await Promise.all(agents.map(({ ended }) => ended));
      viewer.stop();
      await gateway.close();
      home.remove();
    },
  };
}

function others(viewer: PresenceClient): readonly Instance[] {
  return viewer.roster.instances.filter(({ reason }) => reason !== 'self');
}
