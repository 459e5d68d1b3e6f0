export { ClusterSetupError } from './client-import.ts';
export { ClusterClock } from './cluster-clock.ts';
export { ClusterMember, type ClusterMemberOptions } from './cluster-member.ts';
export type {
  ClusterCounts,
  ClusterGateway,
  ClusterStatus,
  GatewayProblem,
  Repairing,
} from './cluster-status.ts';
export type { JoinOutcome, Machine } from './collision-watch.ts';
export { createEngine } from './create-engine.ts';
export type {
  Engine,
  EngineAddress,
  EngineContext,
  EngineFactory,
  EngineListener,
  EngineTime,
  Publication,
  Snapshot,
  Stored,
} from './engine.ts';
export type { MemberRecord } from './member-record.ts';
export { processPlace } from './member-record.ts';
export { MemoryHub } from './memory-engine.ts';
export type { SharedAnnotations } from './shared-annotations.ts';
