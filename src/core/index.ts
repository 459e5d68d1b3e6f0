export { isAddress, isCanonicalIpv4, isLoopback, normalizeIp } from './address.ts';
export {
  AnnotationBook,
  type AnnotationChange,
  type AnnotationRecord,
  type AnnotationSubject,
  changedAnnotations,
  readAnnotations,
  readSubject,
  subjectsOf,
} from './annotation-book.ts';
export { ANNOTATION_BOUNDS, type Annotations } from './annotations.ts';
export { type Cause, type CauseCode, causeCodes } from './cause.ts';
export type { Change, ChangeTrigger, Remove, Upsert } from './change.ts';
export { type Contribution, isStatement, type Statement } from './contribution.ts';
export {
  type FactSource,
  type HostStats,
  type InstanceView,
  type NamedSource,
  namedSources,
  type PresenceEntry,
} from './entry.ts';
export { sourceOf } from './fact-source.ts';
export {
  type FactName,
  type FactNameFrom,
  type FactNameOf,
  type Facts,
  factNames,
  factNamesFrom,
  fields,
  type PublicFactName,
  publicFactNames,
} from './facts.ts';
export { FIELD_BOUNDS, FIELDS, type Field, type FieldProducer } from './fields.ts';
export { type Holdings, holdingsOf, isHeld, isSameHoldings } from './holdings.ts';
export { compareStamps, HybridClock, maxDriftMs, type Stamp } from './hybrid-clock.ts';
export { entryOf } from './instance-view.ts';
export type { ListedRow } from './listed-row.ts';
export { gatewayIdOf, type MemberId, memberIdOf } from './member-id.ts';
export {
  type ClusterMemberStatus,
  lostAtMs,
  type MemberStatus,
  type UpstreamMember,
} from './member-status.ts';
export { didYouMean, nearest } from './nearest.ts';
export { composeGatewayText, composeNodeText, type ParsedNodeText, parseNodeText } from './node-text.ts';
export {
  type Clock,
  type DelayTimers,
  type Instant,
  type Logger,
  silentLogger,
  type Timers,
} from './ports.ts';
export type { ChangeListener, PresenceReader, Sink } from './presence-reader.ts';
export { createRoster, PresenceRoster, type PresenceRosterOptions } from './presence-roster.ts';
export { RecencyList, type RecencyNode } from './recency-list.ts';
export type { RestrictedListing } from './restricted-roster.ts';
export { err, ok, type Result } from './result.ts';
export type { Outcome, Roster, Target } from './roster.ts';
export type { RosterOptions } from './roster-options.ts';
export { sameValue } from './same-value.ts';
export { SharedValues } from './shared-values.ts';
export { activeMs, ageMs, idleMs, lastInputSecondsAt, type Status, statusOf } from './status.ts';
export { comparableText, presenceKey, textKey, visibleText } from './text-form.ts';
export type { ActivityUpdate, BeaconUpdate, ConnectUpdate, Refusal } from './update.ts';
export type { UpstreamChanges } from './upstream-members.ts';
export { wholeUpstreamView } from './upstream-view.ts';
