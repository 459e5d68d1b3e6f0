import type { FactNameFrom, Facts } from '../core/facts.ts';
import type { Clock } from '../core/ports.ts';
import type { BeaconFields } from './beacon.ts';
import type { ClientLogger } from './client-state.ts';
import type { DeviceIdentity } from './device-identity.ts';
import type { CreateSocket } from './socket.ts';
import type { KeyValueStore } from './store.ts';

/**
 * How this program introduces itself: the facts of a handshake, under their names on the wire. Everything is optional; facts that
 * are not given are not sent. `timeZone` and newer facts are refused by gateways of protocol 3.
 *
 * Defaults: `mode` is `webchat` in a page and `backend` elsewhere, `version` that of this library, `platform` `web` in a page
 * and `node` elsewhere; `instanceId` is made once and kept in `store`.
 */
export interface ClientInfo extends Omit<Pick<Facts, FactNameFrom<'connect'>>, 'host'> {
  /** Product word; `gateway-client` by default, which every OpenClaw gateway accepts. */
  readonly id?: string;
  /** Name for people, shown as host; the id by default. */
  readonly displayName?: string;
}

/** Delays between attempts. */
export interface BackoffOptions {
  /** 250. */
  readonly initialMs?: number;
  /** 2. */
  readonly factor?: number;
  /** 2000: two attempts within five seconds of the return of a gateway, even when it is too busy for the first. */
  readonly maxMs?: number;
}

/** Where the token is kept that one gateway granted to one device. */
export interface DeviceTokenStore {
  get(): string | undefined | Promise<string | undefined>;
  /** `undefined` removes it: the device was revoked. */
  set(token: string | undefined): void | Promise<void>;
}

/** Options of a presence client. Only `url` is needed. */
export interface PresenceClientOptions {
  /** `ws:` or `wss:` (or `http:`, `https:`) address of the gateway. */
  readonly url: string;
  readonly token?: string;
  readonly password?: string;
  readonly client?: ClientInfo;
  /** `operator` by default; `node` for a machine that reports itself. */
  readonly role?: string;
  /** `['operator.read']` for operators and `[]` for other roles by default. */
  readonly scopes?: readonly string[];
  /** Signs the handshake; see `loadDeviceIdentity`. */
  readonly device?: DeviceIdentity;
  /** What a node may do on its machine, as OpenClaw checks it; `{accessibility: true}` lets it report the last input. */
  readonly permissions?: Readonly<Record<string, boolean>>;
  /** Keeps the token that a gateway grants to the device, for the next handshakes without another secret. */
  readonly deviceToken?: DeviceTokenStore;
  /** Method names that a node offers; sent as `connect.commands`. */
  readonly commands?: readonly string[];
  /** Time between automatic beacons, 60 000 ms by default; 0 turns them off. */
  readonly beaconIntervalMs?: number;
  /** Returns the facts for the automatic beacons; called before each one. */
  readonly beaconFields?: () => BeaconFields | Promise<BeaconFields>;
  /** Against a gateway without deltas: time between reads of the full list, which is where such a gateway prunes; 60 000 ms, 0 = off. */
  readonly listIntervalMs?: number;
  /** After the gateway restarted: how long rows of its former run stay until they count as gone; 10 000 ms. */
  readonly graceMs?: number;
  /** Time limit of a request, 30 000 ms. */
  readonly requestTimeoutMs?: number;
  readonly backoff?: BackoffOptions;
  /** Keeps the instanceId; nothing is kept by default. `localStorageStore()` in pages, `fileStore()` in Node. */
  readonly store?: KeyValueStore;
  /** Request full lists even where deltas are offered; false by default. */
  readonly fullLists?: boolean;
  /** Called with every notice of the gateway, the body of a webhook (docs/notices.md); without it none are requested (PN16). */
  readonly onNotice?: (notice: unknown) => void;
  /** Opens sockets; by default those of the package `ws` in Node (`wsSocket()`) and the global `WebSocket` elsewhere. */
  readonly createSocket?: CreateSocket;
  readonly clock?: Clock;
  /** From 0 to below 1, for the jitter; `Math.random` by default. */
  readonly random?: () => number;
  /** Makes an instanceId; 128 random bits in hex by default. */
  readonly newId?: () => string;
  /** Silent by default. */
  readonly logger?: ClientLogger;
}
