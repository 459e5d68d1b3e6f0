export { isAddress, isLoopback, normalizeIp } from './address.ts';
export type { Change, ChangeCause, Remove, Upsert } from './change.ts';
export type { Clock } from './clock.ts';
export type { FactSource, Facts, HostStats, InstanceView, PresenceEntry } from './entry.ts';
export type { Instant } from './instant.ts';
export { presenceKey, textKey } from './key.ts';
export { composeGatewayText, composeNodeText, type ParsedNodeText, parseNodeText } from './node-text.ts';
export { activeMs, ageMs, idleMs, lastInputSecondsAt, type Status, statusOf } from './status.ts';
export type { ActivityUpdate, BeaconUpdate, ConnectUpdate, Refusal } from './update.ts';
