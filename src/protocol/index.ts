export { type Beacon, BeaconSchema, parseBeacon } from './beacon.ts';
export { CLOSES, type CloseCode, type CloseName, type CloseRow } from './close-table.ts';
export {
  type Connect,
  type ConnectAuth,
  type ConnectClient,
  type ConnectDevice,
  ConnectParamsSchema,
  factsOfConnect,
  negotiateProtocol,
  type ProtocolVersion,
  parseConnect,
} from './connect.ts';
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
  grantScopes,
  grants,
  grantsRead,
  grantsWrite,
  isRole,
  KNOWN_SCOPES,
  type MethodRule,
  type Role,
  type Scope,
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
export {
  authRateLimited,
  closeReasonOf,
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
export { optional, type SchemaCheck, schemaCheck, typedSchema } from './schema-check.ts';
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
export type { Problem } from './word.ts';
