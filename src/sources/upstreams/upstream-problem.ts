import type { UpstreamConfig } from './upstream-config.ts';

/** What is wrong with an upstream, for people (PU13). Holds no secret. */
export interface UpstreamProblem {
  /** Stable word, for example `AUTH_TOKEN_MISMATCH`. */
  readonly code: string;
  readonly message: string;
  readonly whatToDo: string;
}

/** What to do about each problem, by what its code begins with; the first match counts. */
const advice: readonly (readonly [prefix: string, whatToDo: string])[] = [
  [
    'AUTH_TOKEN',
    'Write the token of that gateway to the tokenFile of this upstream; there, openclaw config get gateway.auth.token tells it.',
  ],
  ['AUTH_PASSWORD', 'Write the password of that gateway to the passwordFile of this upstream.'],
  [
    'AUTH_RATE_LIMITED',
    'That gateway shuts this address out for a while after wrong secrets: it is tried again by itself.',
  ],
  ['AUTH_SCOPE', 'Give this upstream a token that allows operator.read.'],
  ['MISSING_SCOPE', 'Give this upstream a token that allows operator.read.'],
  ['DEVICE_IDENTITY', 'That gateway wants a paired device: run rollcall upstream add with --device.'],
  ['CONTROL_UI_DEVICE', 'That gateway wants a paired device: run rollcall upstream add with --device.'],
  ['PAIRING', 'On that gateway run: openclaw devices list, then openclaw devices approve REQUEST.'],
  ['DEVICE_AUTH', 'Remove the device file of this upstream and run rollcall upstream add again.'],
  ['PROTOCOL', 'Update the older of the two gateways: this one speaks protocols 3 and 4.'],
  ['SECRET_FILE', 'Correct the file that the message names; it is read again within 20 s.'],
  [
    'TOO_LARGE',
    'That gateway lists more than is read: lower its number of rows, or make this one an upstream of fewer.',
  ],
  ['FLOODING', 'Look at what connects and disconnects there all the time: openclaw system presence.'],
  ['SAME_GATEWAY', 'Remove one of the two: rollcall upstream remove NAME.'],
  ['SELF', 'Remove it: rollcall upstream remove NAME.'],
  ['NOT_PRESENCE', 'Check the address: what answers there is no OpenClaw or Rollcall gateway.'],
  ['TLS', 'Check the address, or give the authority of that certificate as ca.'],
  ['NETWORK', 'Check that the gateway runs, and that this is its address.'],
  ['SILENT', 'Check that the gateway runs and is not overloaded.'],
  ['SERVICE_RESTART', 'Nothing: it is tried again by itself.'],
  ['HTTP_', 'Check the address: what answers there is no gateway, or a proxy in front of one.'],
];

/**
 * What to do about a refusal that pairing mends: a gateway takes a new device only beside its own secret (PU19).
 * `undefined` for other refusals.
 */
export function pairingAdvice(code: string, config: UpstreamConfig): string | undefined {
  const { name, url, device, tokenFile, passwordFile } = config;
  const command = `rollcall upstream add ${name} ${url} --device`;
  if (code === 'MISSING_SCOPE' && device === undefined)
    return `Give it a token that allows operator.read. OpenClaw on another computer lets only paired devices read: run ${command} --token-file FILE.`;
  if (device === undefined) return undefined;
  const paired = 'and approve the device there.';
  if (code.startsWith('AUTH_DEVICE_TOKEN'))
    return `The device was revoked there: run ${command} --token-file FILE, with the token of that gateway, ${paired}`;
  if (tokenFile !== undefined || passwordFile !== undefined) return undefined;
  if (code.startsWith('AUTH_TOKEN'))
    return `That gateway takes a new device only beside its token: run ${command} --token-file FILE ${paired}`;
  if (code.startsWith('AUTH_PASSWORD'))
    return `That gateway takes a new device only beside its password: run ${command} --password-file FILE ${paired}`;
  return undefined;
}

/** A problem with what to do about it. */
export function problemOf(code: string, message: string, whatToDo?: string): UpstreamProblem {
  const known = advice.find(([prefix]) => code.startsWith(prefix))?.[1];
  return {
    code,
    message: printable(message),
    whatToDo: whatToDo ?? known ?? 'Read the log of that gateway: openclaw logs.',
  };
}

/** A text of another gateway, as one short line for people. */
function printable(message: string): string {
  return message
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
}
