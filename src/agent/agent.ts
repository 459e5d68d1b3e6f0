import { randomUUID } from 'node:crypto';
import { createPresenceClient, type DeviceTokenStore, type PresenceClientOptions } from '../client/index.ts';
import { wsSocket } from '../client/node/index.ts';
import { systemClock } from '../client/system-clock.ts';
import { deviceTokens } from './device-tokens.ts';
import { describeLink, type GatewayLink } from './gateway-link.ts';
import { type Machine, openMachine } from './machine.ts';
import { type AgentLog, Reporter } from './reporter.ts';
import { type AgentIdentity, loadAgentIdentity } from './state.ts';
import { systemTimers } from './timers.ts';

/** How an agent presents this computer: as a node that reports itself, or as the desktop of a person. */
export type AgentMode = 'node' | 'ui';

/** One gateway that an agent reports to. */
export interface AgentTarget {
  /** `ws:` or `wss:` address. */
  readonly url: string;
  readonly token?: string;
  readonly password?: string;
}

/** Options of `startAgent`. */
export interface AgentOptions {
  /** At least one; no secret of one is ever sent to another. */
  readonly targets: readonly AgentTarget[];
  readonly mode: AgentMode;
  /** Version of this program. */
  readonly version: string;
  /** Folder of `agent.json`. */
  readonly stateFolder: string;
  /** Name for people; the host name by default. */
  readonly name?: string;
  /** Whether to report the time of the last input. */
  readonly reportInput: boolean;
  /** Milliseconds between beacons, 60 000. */
  readonly beaconIntervalMs?: number;
  readonly log: AgentLog;
}

/** A running agent. */
export interface Agent {
  /** Resolves, with what to do, when every gateway refuses this agent for good; never if one does not. */
  readonly refused: Promise<string>;
  /** Sends a beacon `disconnect` and ends everything that `startAgent` started. */
  close(): Promise<void>;
}

/** How long to wait before the next attempt of a device that awaits approval. */
const approvalMs = 10_000;

/**
 * Reports this computer to its gateways until closed.
 *
 * Throws an IdentityError when the stored identity cannot be used, and a TypeError for options that can never work.
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { stateFolder, log } = options;
  const identity = await loadAgentIdentity({ folder: stateFolder, newId: randomUUID });
  const machine = await openMachine((line) => log.info(line));
  const tokensOf = deviceTokens(stateFolder);
  const reports = options.targets.map((target) =>
    startReport(options, target, identity, machine, tokensOf(target.url)),
  );
  if (!options.reportInput) log.info('last input is left out: --no-input');
  return {
    refused: Promise.all(reports.map(({ refused }) => refused)).then(([line = '', ...others]) =>
      others.length === 0 ? line : 'every gateway has refused this agent: see above what to do',
    ),
    close: async () => {
      await Promise.all(reports.map((report) => report.close()));
      machine.close();
    },
  };
}

/** With several gateways a line names the one that it is about. */
function named(log: AgentLog, url: string): AgentLog {
  return { info: (line) => log.info(`${url}: ${line}`), warn: (line) => log.warn(`${url}: ${line}`) };
}

/** The report of this computer to one gateway. */
function startReport(
  options: AgentOptions,
  target: AgentTarget,
  identity: AgentIdentity,
  machine: Machine,
  tokens: DeviceTokenStore,
): Agent {
  const link = createPresenceClient(linkOptions(options, target, identity, machine, tokens));
  const log = options.targets.length > 1 ? named(options.log, target.url) : options.log;
  const reporter = new Reporter({
    link,
    clock: systemClock,
    timers: systemTimers,
    log,
    ...reportParts(options, machine),
  });
  const waiting = new AbortController();
  const refused = followLink({
    link,
    url: target.url,
    log: options.log,
    tokens,
    closed: waiting.signal,
    isOnly: options.targets.length === 1,
  });
  reporter.start();
  return {
    refused,
    close: async () => {
      waiting.abort();
      await reporter.close();
    },
  };
}

function linkOptions(
  { mode, version, name }: AgentOptions,
  { url, token, password }: AgentTarget,
  { instanceId, device }: AgentIdentity,
  machine: Machine,
  deviceToken: DeviceTokenStore,
): PresenceClientOptions {
  const { platform, deviceFamily, modelIdentifier, host } = machine.facts;
  const isNode = mode === 'node';
  return {
    url,
    ...(token !== undefined && { token }),
    ...(password !== undefined && { password }),
    client: {
      // OpenClaw gateways accept only a closed list of ids.
      id: isNode ? 'node-host' : 'gateway-client',
      mode,
      displayName: name ?? host,
      version,
      platform,
      deviceFamily,
      modelIdentifier,
      instanceId,
    },
    role: isNode ? 'node' : 'operator',
    // Beacons about oneself need no scope (PA5), and an agent does not read the roster.
    scopes: [],
    // Without it OpenClaw does not take the last input of a node.
    ...(isNode && { permissions: { accessibility: true } }),
    device,
    deviceToken,
    beaconIntervalMs: 0,
    createSocket: wsSocket(),
  };
}

function reportParts(
  options: AgentOptions,
  machine: Machine,
): Pick<
  ConstructorParameters<typeof Reporter>[0],
  'facts' | 'idleSeconds' | 'hostStats' | 'beaconIntervalMs'
> {
  const { reportInput, mode, beaconIntervalMs } = options;
  return {
    facts: () => {
      const ip = machine.ip();
      return ip === undefined ? {} : { ip };
    },
    ...(reportInput && { idleSeconds: machine.idleSeconds }),
    ...(mode === 'node' && { hostStats: machine.hostStats }),
    ...(beaconIntervalMs !== undefined && { beaconIntervalMs }),
  };
}

interface FollowedLink {
  readonly link: GatewayLink;
  readonly url: string;
  readonly log: AgentLog;
  readonly tokens: DeviceTokenStore;
  readonly closed: AbortSignal;
  /** The agent has no other gateway: a refusal for good is its end, which its owner reports. */
  readonly isOnly: boolean;
}

/**
 * Logs every transition once; a state is entered again with each attempt.
 *
 * While this device awaits approval, attempts are repeated without logging; a device that was revoked removes its
 * token, so that it can request approval.
 */
function followLink({ link, url, log, tokens, closed, isOnly }: FollowedLink): Promise<string> {
  let logged = '';
  return new Promise((resolve) => {
    link.subscribe(() => {
      const { state } = link;
      const described = describeLink(state, url, isOnly);
      if (described === undefined) return;
      if (state.phase === 'refused' && isRepairable(state.code)) {
        if (state.code.startsWith('AUTH_DEVICE_TOKEN')) void tokens.set(undefined);
        const again = setTimeout(() => closed.aborted || link.start(), approvalMs);
        closed.addEventListener('abort', () => clearTimeout(again), { once: true });
      } else if (state.phase === 'refused') resolve(described.line);
      // While approval is awaited each attempt enters the same two states: both were logged.
      const isRetry = state.phase === 'connecting' && logged !== '';
      if (isRetry || described.line === logged) return;
      logged = described.line;
      const isEnd = isOnly && state.phase === 'refused' && !isRepairable(state.code);
      if (!isEnd) log[described.level](described.line);
    });
  });
}

/** True for a refusal that an operator can resolve at the gateway while the agent waits. */
function isRepairable(code: string): boolean {
  return /^(PAIRING|NOT_PAIRED|AUTH_DEVICE_TOKEN)/.test(code);
}
