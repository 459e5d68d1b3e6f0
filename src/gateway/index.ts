export type { Change, ChangeListener, Logger, PresenceReader, Sink, Timers } from '../core/index.ts';
export type { MessageParts } from '../sinks/index.ts';
export type { Caller } from './access/caller.ts';
export type { AuthOptions } from './access/credentials.ts';
export type { IdentityConfig, IdentityGrant, JwtConfig } from './access/identity-config.ts';
export type { NamedToken, NamedTokenOption } from './access/named-token.ts';
export type { ClusterOptions } from './cluster-options.ts';
export { createGateway, type Gateway } from './gateway.ts';
export type { GatewayOptions } from './gateway-options.ts';
export type { GatewayAddress } from './gateway-port.ts';
export type { CertificateFiles } from './listening/tls-certificate.ts';
export {
  answer,
  defineOperation,
  type Operation,
  type OperationContext,
  type OperationDefinition,
  type OperationRoute,
  type Reply,
  refuse,
} from './operations/operation.ts';
export { OPERATIONS } from './operations/registry.ts';
export { SETTINGS, type Setting, type SettingName, type SettingOptions, type Settings } from './settings.ts';
export { createSystemClock, systemTimers } from './time/system-clock.ts';
export type { Authentication, ConnectionHandle, Peer, Principal, Transport } from './transport.ts';
