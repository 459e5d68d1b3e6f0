export { type Beacon, BeaconSchema, parseBeacon } from './beacon.ts';
export { closeReasonOf } from './close-reason.ts';
export { CLOSES, type CloseCode, type CloseName, type CloseRow } from './close-table.ts';
export {
  type Connect,
  type ConnectAuth,
  type ConnectClient,
  type ConnectDevice,
  ConnectParamsSchema,
  parseConnect,
} from './connect.ts';
export { factsOfConnect } from './connect-facts.ts';
export { type DevicePayloadVersion, devicePayload, type SignedFields } from './device-payload.ts';
export {
  errorFrame,
  eventFrame,
  eventFrameHead,
  eventFrameMiddle,
  eventFramePrefix,
  eventFrameSuffix,
  type ParsedFrame,
  parseFrame,
  responseFrameHead,
  responseFrameSuffix,
  type StateVersion,
} from './frame.ts';
export {
  type HelloOk,
  type HelloOptions,
  type HelloPolicy,
  helloFeatures,
  helloOkHead,
  helloOkTail,
} from './hello.ts';
export { LIMITS } from './limits.ts';
export {
  authorizeMethod,
  CAPABILITIES,
  EVENTS,
  isRole,
  type MethodRule,
  type Role,
} from './method.ts';
export {
  type ActivityReport,
  ActivitySchema,
  type NodeEvent,
  NodeEventSchema,
  parseActivity,
  parseNodeEvent,
} from './node-event.ts';
export {
  matchesFilter,
  PresenceFilterSchema,
  parsePresenceFilter,
  presenceFilterNames,
} from './presence-filter.ts';
export type { Problem } from './problem.ts';
export { negotiateProtocol, type ProtocolVersion } from './protocol-version.ts';
export {
  authRateLimited,
  invalidConnect,
  invalidParams,
  methodNotAllowed,
  missingScope,
  newInstancesLimited,
  notFound,
  payloadTooLarge,
  protocolMismatch,
  rateLimited,
  refusal,
  roleNotGranted,
  unauthorizedRole,
  unknownInstance,
  unknownMethod,
  type WireClose,
  type WireError,
  wireClose,
} from './refusal.ts';
export {
  type ErrorCode,
  type FixedRefusalName,
  REFUSALS,
  type RefusalName,
  type RefusalRow,
} from './refusal-table.ts';
export { type SchemaCheck, schemaCheck, typedSchema } from './schema-check.ts';
export { grantScopes, grants, grantsRead, grantsWrite, KNOWN_SCOPES, type Scope } from './scope.ts';
export {
  AnnotationsSchema,
  HostStatsSchema,
  InstanceViewSchema,
  type PresenceDelta,
  PresenceDeltaSchema,
  PresenceEntrySchema,
  type PresenceListResult,
  PresenceListResultSchema,
} from './wire-view.ts';
