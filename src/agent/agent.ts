import { randomUUID } from 'node:crypto';
import { createPresenceClient, type PresenceClientOptions } from '../client/index.ts';
import { wsSocket } from '../client/node/index.ts';
import { systemClock } from '../client/system-clock.ts';
import { describeLink, type GatewayLink } from './gateway-link.ts';
import { type Machine, openMachine } from './machine.ts';
import { type AgentLog, Reporter } from './reporter.ts';
import { type AgentIdentity, loadAgentIdentity } from './state.ts';
import { systemTimers } from './timers.ts';

/** How an agent presents this computer: as a node that reports itself, or as the desktop of a person. */
export type AgentMode = 'node' | 'ui';

/** Everything `startAgent` may be told. */
export interface AgentOptions {
  /** `ws:` or `wss:` address of the gateway. */
  readonly url: string;
  readonly token?: string;
  readonly password?: string;
  readonly mode: AgentMode;
  /** Version of this program. */
  readonly version: string;
  /** Keeps `agent.json`. */
  readonly stateFolder: string;
  /** Name for people; the host name by default. */
  readonly name?: string;
  /** Whether to tell when the person last touched the machine. */
  readonly tellInput: boolean;
  /** Milliseconds between beacons, 60 000. */
  readonly beaconIntervalMs?: number;
  readonly log: AgentLog;
}

/** A running agent. */
export interface Agent {
  /** Resolves, with what to do, when the gateway refuses this agent for good; never if it does not. */
  readonly refused: Promise<string>;
  /** Says `disconnect` and ends everything that `startAgent` started. */
  close(): Promise<void>;
}

/**
 * Reports this computer to a gateway until closed.
 *
 * Throws an IdentityError when the kept identity cannot be used, and a TypeError for options that can never work.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const identity = await loadAgentIdentity({ folder: options.stateFolder, newId: randomUUID });
  const machine = await openMachine((line) => options.log.info(line));
  const link = createPresenceClient(linkOptions(options, identity, machine));
  const reporter = new Reporter({
    link,
    clock: systemClock,
    timers: systemTimers(),
    log: options.log,
    ...whatToTell(options, machine),
  });
  const refused = followLink(link, options);
  if (!options.tellInput) options.log.info('last input is left out: --no-input');
  reporter.start();
  return {
    refused,
    close: async () => {
      await reporter.close();
      machine.close();
    },
  };
}

function linkOptions(
  options: AgentOptions,
  identity: AgentIdentity,
  machine: Machine,
): PresenceClientOptions {
  const { url, token, password, mode, version, name } = options;
  const { platform, deviceFamily, modelIdentifier, host } = machine.facts;
  const { instanceId, device } = identity;
  return {
    url,
    ...(token !== undefined && { token }),
    ...(password !== undefined && { password }),
    client: {
      id: 'rollcall-agent',
      mode,
      displayName: name ?? host,
      version,
      platform,
      deviceFamily,
      modelIdentifier,
      instanceId,
    },
    role: mode === 'node' ? 'node' : 'operator',
    // Beacons about oneself need no scope (PA5), and an agent does not read the roster.
    scopes: [],
    device,
    beaconIntervalMs: 0,
    createSocket: wsSocket(),
  };
}

function whatToTell(
  options: AgentOptions,
  machine: Machine,
): Pick<
  ConstructorParameters<typeof Reporter>[0],
  'facts' | 'idleSeconds' | 'hostStats' | 'beaconIntervalMs'
> {
  const { tellInput, mode, beaconIntervalMs } = options;
  return {
    facts: () => {
      const ip = machine.ip();
      return ip === undefined ? {} : { ip };
    },
    ...(tellInput && { idleSeconds: machine.idleSeconds }),
    ...(mode === 'node' && { hostStats: machine.hostStats }),
    ...(beaconIntervalMs !== undefined && { beaconIntervalMs }),
  };
}

/** Says every transition once; a state is entered again with each attempt. */
function followLink(link: GatewayLink, { url, log }: AgentOptions): Promise<string> {
  let said = '';
  return new Promise((resolve) => {
    link.subscribe(() => {
      const described = describeLink(link.state, url);
      if (described === undefined || described.line === said) return;
      said = described.line;
      if (link.state.phase === 'refused') resolve(described.line);
      else log[described.level](described.line);
    });
  });
}
