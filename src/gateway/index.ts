export type { AuthOptions, Principal } from './credentials.ts';
export { createGateway, type Gateway, type GatewayAddress } from './gateway.ts';
export type { GatewayOptions } from './gateway-options.ts';
export type { Logger } from './logger.ts';
export { createSystemClock } from './system-clock.ts';
export { systemTimers, type Timers } from './timers.ts';
export type { MessageParts, Peer, Transport } from './transport.ts';
