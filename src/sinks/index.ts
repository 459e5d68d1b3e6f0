export type { Sink } from '../core/index.ts';
export type { JournalStep, Recorded } from './journal/entry-writer.ts';
export {
  Journal,
  type JournalRules,
  type JournalStart,
} from './journal/journal.ts';
export {
  type JournalEntry,
  type JournalKind,
  journalKinds,
  publicEntry,
  type RowState,
  rowStates,
  type StoredEntry,
} from './journal/journal-entry.ts';
export { JournalFileError } from './journal/journal-file.ts';
export type { JournalRow } from './journal/journal-row.ts';
export {
  type DepartedView,
  type JournalPage,
  type JournalQuery,
  type JournalReader,
  JournalSink,
  type PastView,
} from './journal/journal-sink.ts';
export type { PastRow, PastRows } from './journal/past-rows.ts';
export type { ClusterNumbers } from './metrics/cluster-metrics.ts';
export { GatewayCounts, Metrics } from './metrics/metrics.ts';
export { noticesProblem } from './notices/config-problem.ts';
export type { DeliveryStatus } from './notices/delivery.ts';
export {
  type Notice,
  type NoticeMessage,
  type NoticeSubject,
  noticeMessage,
  noticeText,
  noticeTypes,
} from './notices/notice.ts';
export { NoticeEngine } from './notices/notice-engine.ts';
export { compileRules, durationMs, durationPattern, type NoticeRule } from './notices/notice-rule.ts';
export { type NoticesConfig, rulesOf } from './notices/notices-config.ts';
export { readNoticesText } from './notices/notices-file.ts';
export { NoticesConfigSchema } from './notices/notices-schema.ts';
export type { NoticesService, NoticesSink, NoticesStatus } from './notices/notices-sink.ts';
export type { Mute } from './notices/silences.ts';
export type { Encoder, EventEncoders, Subscriber } from './viewers/encoder.ts';
export type { EventStreams } from './viewers/event-streams.ts';
export type { FanOut } from './viewers/fan-out.ts';
export type { RowFilter } from './viewers/filtered-encoder.ts';
export { joinFragments, joinParts, type MessageParts, type RosterLists } from './viewers/roster-json.ts';
export { type SlowReader, UnreadBytes } from './viewers/unread-bytes.ts';
export { Viewers, type ViewersOptions } from './viewers/viewers.ts';
