import type { Facts } from '../core/facts.ts';
import { devicePayload } from '../protocol/device-payload.ts';
import type { DeviceIdentity } from './device-identity.ts';
import type { ClientInfo } from './options.ts';
import { libraryVersion } from './version.ts';

/** Parameters of every `connect` of one client. */
export interface ConnectInput {
  readonly client: ClientInfo;
  readonly instanceId: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly caps: readonly string[];
  readonly commands?: readonly string[];
  readonly token?: string;
  readonly password?: string;
  /** Granted to the device at an earlier handshake; sent where neither token nor password is given. */
  readonly deviceToken?: string;
  /** What a node may do on its machine, for gateways that check it. */
  readonly permissions?: Readonly<Record<string, boolean>>;
  readonly device?: DeviceIdentity;
}

/** Parameters from the challenge of one socket. */
export interface Challenge {
  readonly nonce: string;
  /** The gateway's clock in the challenge: a device signs this, so a local clock that is wrong does not matter. */
  readonly signedAtMs: number;
}

/** The parameters of `connect`, signed when there is a device identity. */
export async function connectParams(
  input: ConnectInput,
  challenge: Challenge,
): Promise<Record<string, unknown>> {
  const { role, scopes, caps, commands, permissions, password, device } = input;
  const signed = device && { device: await signConnect(input, device, challenge) };
  const token = tokenOf(input);
  const deviceToken = token === input.token ? undefined : token;
  const auth = {
    ...(token !== undefined && { token }),
    ...(deviceToken !== undefined && { deviceToken }),
    ...(password !== undefined && { password }),
  };
  return {
    minProtocol: 3,
    maxProtocol: 4,
    client: describeClient(input),
    role,
    scopes,
    caps,
    ...(commands && { commands }),
    ...(permissions && { permissions }),
    ...(Object.keys(auth).length > 0 && { auth }),
    ...signed,
  };
}

/** The client's own facts, for its beacons. */
export function ownFacts(client: ClientInfo, instanceId: string): Facts {
  const { id: _id, displayName, ...facts } = client;
  return { ...facts, mode: modeOf(client), host: displayName ?? idOf(client), instanceId };
}

function describeClient({ client, instanceId }: ConnectInput) {
  const platform = client.platform ?? (isPage() ? 'web' : 'node');
  return { version: libraryVersion, ...client, platform, id: idOf(client), mode: modeOf(client), instanceId };
}

async function signConnect(input: ConnectInput, device: DeviceIdentity, challenge: Challenge) {
  const { deviceId: id, publicKey } = device;
  const { nonce, signedAtMs: signedAt } = challenge;
  const { id: clientId, mode: clientMode, platform, deviceFamily } = describeClient(input);
  const { role } = input;
  const token = tokenOf(input);
  const scopes = [...input.scopes];
  const of = { deviceId: id, clientId, clientMode, role, scopes, signedAtMs: signedAt, nonce };
  const text = devicePayload('v3', {
    ...of,
    token: token ?? '',
    platform,
    deviceFamily: deviceFamily ?? '',
  });
  return { id, publicKey, signature: await device.sign(text), signedAt, nonce };
}

/** OpenClaw gateways accept the token of a device in both places. */
function tokenOf({ token, password, deviceToken }: ConnectInput): string | undefined {
  return token ?? (password === undefined ? deviceToken : undefined);
}

function idOf(client: ClientInfo): string {
  return client.id ?? 'gateway-client';
}

function modeOf(client: ClientInfo): string {
  return client.mode ?? (isPage() ? 'webchat' : 'backend');
}

function isPage(): boolean {
  return typeof document !== 'undefined';
}
