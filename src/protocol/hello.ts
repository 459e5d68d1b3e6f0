import type { PresenceEntry } from '../core/index.ts';
import type { ProtocolVersion } from './connect.ts';
import type { StateVersion } from './frame.ts';
import { CAPABILITIES, EVENTS } from './method.ts';

/** The answer to a `connect` that a gateway accepts. */
export interface HelloOptions {
  readonly protocol: ProtocolVersion;
  /** Version of the gateway program. */
  readonly serverVersion: string;
  /** Id of this connection. */
  readonly connectionId: string;
  /** Id of this run of the gateway, the epoch. */
  readonly bootId?: string;
  readonly stateVersion: StateVersion;
  /** Milliseconds since the gateway started. */
  readonly uptimeMs: number;
  readonly role: string;
  /** Scopes that were granted. */
  readonly scopes: readonly string[];
  readonly policy: HelloPolicy;
  /** Made by {@link helloFeatures}. */
  readonly featuresJson: string;
}

/** Limits for the client (PW5); bytes and milliseconds. */
export interface HelloPolicy {
  readonly maxPayload: number;
  readonly maxBufferedBytes: number;
  readonly tickIntervalMs: number;
}

/** The payload of the answer to `connect`; passes the strict schema (PW5). */
export interface HelloOk {
  readonly type: 'hello-ok';
  readonly protocol: ProtocolVersion;
  readonly server: { readonly version: string; readonly connId: string; readonly bootId?: string };
  readonly features: {
    readonly methods: readonly string[];
    readonly events: readonly string[];
    readonly capabilities: readonly string[];
  };
  readonly snapshot: {
    readonly presence: readonly PresenceEntry[];
    readonly health: Readonly<Record<string, never>>;
    readonly stateVersion: StateVersion;
    readonly uptimeMs: number;
  };
  readonly auth: { readonly role: string; readonly scopes: readonly string[] };
  readonly policy: HelloPolicy;
}

/** JSON of {@link HelloOk.features}; the same in every hello of a gateway. */
export function helloFeatures(methods: readonly string[]): string {
  return JSON.stringify({ methods, events: EVENTS, capabilities: CAPABILITIES });
}

/** The JSON of {@link HelloOk} before its list of presence entries. */
export function helloOkHead(options: HelloOptions): string {
  const { protocol, serverVersion, connectionId, bootId, featuresJson } = options;
  const server = { version: serverVersion, connId: connectionId, bootId };
  return `{"type":"hello-ok","protocol":${protocol},"server":${JSON.stringify(server)},"features":${featuresJson},"snapshot":{"presence":`;
}

/** The JSON of {@link HelloOk} after its list of presence entries. */
export function helloOkTail(options: HelloOptions): string {
  const { stateVersion, uptimeMs, role, scopes, policy } = options;
  const auth = JSON.stringify({ role, scopes });
  const versions = JSON.stringify(stateVersion);
  return `,"health":{},"stateVersion":${versions},"uptimeMs":${Math.trunc(uptimeMs)}},"auth":${auth},"policy":${JSON.stringify(policy)}}`;
}
