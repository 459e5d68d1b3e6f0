import { type TSchema, Type } from 'typebox';
import { type FactNameFrom, type Facts, factNamesFrom, ok, type Result } from '../core/index.ts';
import type { SignedFields } from './device-payload.ts';
import { factParams } from './fact-schema.ts';
import { LIMITS } from './limits.ts';
import { invalidConnect, type WireError } from './refusal.ts';
import { optional, schemaCheck } from './schema-check.ts';
import type { Problem } from './word.ts';
import { listsProblem, pickWords, trimmed, trimmedList, wordSchema, wordsProblem } from './word.ts';

/** Facts that a program states of itself under their own names. */
type ClientFacts = Omit<Pick<Facts, FactNameFrom<'connect'>>, 'host'>;
type Required = 'version' | 'platform' | 'mode';

/** What a program states about itself; every string trimmed and not blank. */
export interface ConnectClient extends Omit<ClientFacts, Required>, Readonly<Record<Required, string>> {
  readonly id: string;
  readonly displayName?: string;
}

/** A device identity that is claimed, not verified yet (PA3). */
export interface ConnectDevice {
  readonly id: string;
  readonly publicKey: string;
  readonly signature: string;
  /** Milliseconds since the epoch, by the client's clock. */
  readonly signedAt: number;
  /** Empty when the client sent none. */
  readonly nonce: string;
  /** What the signature covers, exactly as sent: trimming would break it. */
  readonly signed: SignedFields;
}

/** Secrets of a client. Never log them. */
export interface ConnectAuth {
  readonly token?: string;
  readonly password?: string;
  readonly deviceToken?: string;
  readonly bootstrapToken?: string;
}

/** The params of `connect` in normal form: trimmed, checked, blanks absent. */
export interface Connect {
  readonly minProtocol: number;
  readonly maxProtocol: number;
  readonly client: ConnectClient;
  /** `operator` when the client states none. */
  readonly role: string;
  /** Scopes that are requested, not granted. */
  readonly scopes: readonly string[];
  readonly caps: readonly string[];
  readonly device?: ConnectDevice;
  readonly auth?: ConnectAuth;
}

const protocolSchema = (description: string) => Type.Integer({ description, minimum: 1 });
const secretSchema = optional(Type.String());

const clientSchema = Type.Object({
  ...factParams('connect'),
  id: wordSchema('name of the program; any word'),
  version: wordSchema('version of the program'),
  platform: wordSchema('operating system, and release if known'),
  mode: wordSchema('`ui webchat cli backend node probe test` or any other word'),
});

const deviceSchema = Type.Object({
  id: wordSchema('Lower-case hex SHA-256 of the raw public key.'),
  publicKey: wordSchema('Raw Ed25519 public key, base64url or base64.', LIMITS.maxKeyLength),
  signature: wordSchema('Ed25519 signature, base64url or base64.', LIMITS.maxKeyLength),
  signedAt: Type.Integer({ description: 'Milliseconds since the epoch.', minimum: 0 }),
  nonce: optional(wordSchema('The nonce of the challenge.')),
});

const connectSchema = Type.Object({
  minProtocol: protocolSchema('Lowest protocol the client knows.'),
  maxProtocol: protocolSchema('Highest protocol the client knows.'),
  client: clientSchema,
  role: optional(wordSchema('`operator` (default) or `node`.')),
  scopes: optional(Type.Array(wordSchema('Scope.'), { maxItems: LIMITS.maxListItems })),
  caps: optional(Type.Array(wordSchema('Capability.'), { maxItems: LIMITS.maxCaps })),
  device: optional(deviceSchema),
  auth: optional(
    Type.Object({
      token: secretSchema,
      password: secretSchema,
      deviceToken: secretSchema,
      bootstrapToken: secretSchema,
    }),
  ),
});

type ConnectParams = Type.Static<typeof connectSchema> & { readonly client: ConnectClient };

/** Schema of the params of `connect`. Open: client ids and modes are any words, unknown fields are ignored (PW4). */
export const ConnectParamsSchema: TSchema = connectSchema;

const required = ['id', 'version', 'platform', 'mode'] as const;
const optionalFacts = factNamesFrom('connect', 'string').filter(
  (name): name is Exclude<typeof name, Required | 'host'> =>
    name !== 'host' && !required.some((other) => other === name),
);
const optionalWords = ['displayName', ...optionalFacts] as const;
const clientWords = [...required, ...optionalWords];
const deviceWords = ['id', 'nonce'] as const;
const secrets = ['token', 'password', 'deviceToken', 'bootstrapToken'] as const;

const checkConnect = schemaCheck(connectSchema);

/** Reads the params of `connect` (PW4, PF2, PL4). A refusal names the field and closes the connection. */
export function parseConnect(params: unknown): Result<Connect, WireError> {
  const problem = connectProblem(params);
  if (problem !== undefined) return { ok: false, error: invalidConnect(problem) };
  return ok(normalConnect(params as ConnectParams));
}

function connectProblem(params: unknown): Problem | undefined {
  const problem = checkConnect(params);
  if (problem !== undefined) return problem;
  const connect = params as ConnectParams;
  return (
    blankProblem(connect.client) ??
    wordsProblem(connect.client, clientWords, '/client') ??
    wordsProblem(connect, ['role']) ??
    listsProblem(connect, ['scopes', 'caps']) ??
    (connect.device && wordsProblem(connect.device, deviceWords, '/device'))
  );
}

function blankProblem(client: ConnectParams['client']): Problem | undefined {
  const name = required.find((field) => client[field].trim() === '');
  return name === undefined ? undefined : { path: `/client/${name}`, what: 'must not be blank' };
}

function normalConnect(params: ConnectParams): Connect {
  const auth = params.auth && normalAuth(params.auth);
  return {
    minProtocol: params.minProtocol,
    maxProtocol: params.maxProtocol,
    client: normalClient(params.client),
    role: trimmed(params.role) ?? 'operator',
    scopes: words(params.scopes),
    caps: words(params.caps),
    ...(params.device && { device: normalDevice(params, params.device) }),
    ...(auth && { auth }),
  };
}

function normalClient(client: ConnectParams['client']): ConnectClient {
  return {
    id: client.id.trim(),
    version: client.version.trim(),
    platform: client.platform.trim(),
    mode: client.mode.trim(),
    ...pickWords(client, optionalWords),
  };
}

function normalDevice(params: ConnectParams, device: NonNullable<ConnectParams['device']>): ConnectDevice {
  return {
    id: device.id.trim(),
    publicKey: device.publicKey.trim(),
    signature: device.signature.trim(),
    signedAt: device.signedAt,
    nonce: device.nonce?.trim() ?? '',
    signed: signedFields(params, device),
  };
}

function signedFields(params: ConnectParams, device: NonNullable<ConnectParams['device']>): SignedFields {
  const { client, auth } = params;
  return {
    deviceId: device.id,
    clientId: client.id,
    clientMode: client.mode,
    role: params.role ?? 'operator',
    scopes: params.scopes ?? [],
    signedAtMs: device.signedAt,
    token: auth?.token ?? auth?.deviceToken ?? auth?.bootstrapToken ?? '',
    nonce: device.nonce ?? '',
    platform: client.platform,
    deviceFamily: client.deviceFamily ?? '',
  };
}

/** Secrets are compared as sent; only a blank one counts as absent. */
function normalAuth(auth: NonNullable<ConnectParams['auth']>): ConnectAuth | undefined {
  const kept: { -readonly [K in keyof ConnectAuth]: ConnectAuth[K] } = {};
  for (const name of secrets) {
    const secret = auth[name];
    if (secret !== undefined && secret.trim() !== '') kept[name] = secret;
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function words(list: readonly string[] | undefined): readonly string[] {
  return trimmedList(list) ?? [];
}

/**
 * The facts of a handshake about an instance (PF).
 *
 * The host is the display name, else the client id. The device id is the verified one or none (PA3). Roles, scopes and
 * reason are not here: they are what was granted, which the roster holds.
 */
export function factsOfConnect(connect: Connect, verifiedDeviceId?: string): Facts {
  const { id, displayName, ...words } = connect.client;
  return {
    host: displayName ?? id,
    ...words,
    ...(verifiedDeviceId === undefined ? {} : { deviceId: verifiedDeviceId }),
  };
}

/** A protocol version that this gateway supports. */
export type ProtocolVersion = 3 | 4;

/** The highest protocol version that both sides support, or `undefined` when there is none (PW3). */
export function negotiateProtocol(minProtocol: number, maxProtocol: number): ProtocolVersion | undefined {
  if (minProtocol <= 4 && maxProtocol >= 4) return 4;
  if (minProtocol <= 3 && maxProtocol >= 3) return 3;
  return undefined;
}
