/** Be present at a gateway and watch its roster, in browsers and in Node. */
export { ageMs, lastInputSecondsAt, type Status, statusOf } from '../core/status.ts';
export type { BeaconFields, BeaconResult } from './beacon.ts';
export type {
  ClientLogger,
  ClientState,
  Connected,
  Connecting,
  Feed,
  Idle,
  Reconnecting,
  Refused,
} from './client-state.ts';
export type { DeviceIdentity } from './device-identity.ts';
export {
  type Instance,
  type InstanceChange,
  type Join,
  type Leave,
  type RosterSnapshot,
  statusAt,
  type Update,
} from './instance.ts';
export type { ChangesListener, Unsubscribe } from './listeners.ts';
export type {
  BackoffOptions,
  ClientInfo,
  DeviceTokenStore,
  PresenceClientOptions,
} from './options.ts';
export { createPresenceClient, type PresenceClient } from './presence-client.ts';
export { RefusedError } from './refusals.ts';
export { GatewayRequestError, GatewayTimeoutError } from './request-book.ts';
export type { ClientSocket, CreateSocket, SocketHandlers } from './socket.ts';
export { type KeyValueStore, localStorageStore, memoryStore } from './store.ts';
