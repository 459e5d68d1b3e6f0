import type { ClientState, PresenceClient } from '../client/index.ts';

/** The part of the client SDK that an agent uses. */
export type GatewayLink = Pick<
  PresenceClient,
  'start' | 'stop' | 'state' | 'subscribe' | 'beacon' | 'request'
>;

/** One line for people about a state of the connection. */
export interface LinkLine {
  readonly level: 'info' | 'warn';
  readonly line: string;
}

/**
 * Describes the state of the connection; undefined for states that are not logged.
 *
 * @param isOnly false when the agent reports to other gateways, too: the variables and flags of secrets are for the first alone.
 */
export function describeLink(state: ClientState, url: string, isOnly = true): LinkLine | undefined {
  switch (state.phase) {
    case 'idle':
      return undefined;
    case 'connecting':
      return { level: 'info', line: `connecting to ${url}` };
    case 'connected':
      return {
        level: 'info',
        line: `connected to ${url} (gateway ${state.serverVersion}, role ${state.role})`,
      };
    case 'reconnecting':
      return { level: 'warn', line: withAdvice(`reconnecting to ${url}: ${state.reason}`, state.whatToDo) };
    case 'refused':
      return {
        level: 'warn',
        line: withAdvice(`refused by ${url}: ${state.reason}`, adviceFor(state, url, isOnly)),
      };
  }
}

/** The SDK's advice names options of programs; for an agent it must name flags and variables. */
const advice: readonly (readonly [codePrefix: string, whatToDo: string])[] = [
  ['AUTH_TOKEN', 'give the token of that gateway with ROLLCALL_TOKEN or --token'],
  ['AUTH_PASSWORD', 'give the password of that gateway with ROLLCALL_PASSWORD or --password'],
  [
    'PAIRING',
    'on that gateway run: openclaw devices list, then openclaw devices approve REQUEST; this agent waits',
  ],
  [
    'NOT_PAIRED',
    'on that gateway run: openclaw devices list, then openclaw devices approve REQUEST; this agent waits',
  ],
  ['AUTH_DEVICE_TOKEN', 'this device was revoked there; this agent asks for approval again and waits'],
  ['DEVICE_AUTH', 'remove agent.json from the state folder, the agent then makes a new device key'],
];

function adviceFor(state: ClientState & { phase: 'refused' }, url: string, isOnly: boolean): string {
  const secret = /^AUTH_(TOKEN|PASSWORD)/.exec(state.code)?.[1]?.toLowerCase();
  if (secret !== undefined && !isOnly)
    return `give the ${secret} of that gateway: --url ${url},${secret}File=FILE`;
  const [approve] = /openclaw devices approve [\w-]+/.exec(state.whatToDo) ?? [];
  if (approve !== undefined) return `on that gateway run: ${approve}; this agent waits`;
  return advice.find(([prefix]) => state.code.startsWith(prefix))?.[1] ?? state.whatToDo;
}

function withAdvice(line: string, whatToDo: string | undefined): string {
  return whatToDo ? `${line}. What to do: ${whatToDo}` : line;
}
