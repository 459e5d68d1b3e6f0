import type { Cause, InstanceView } from '../../core/index.ts';
import type { QueriedAnnotations } from '../../viewer/index.ts';
import type { NoticeEvent, Severity } from './notice-rule.ts';

/** A row that notices are about. */
export type NoticedRow = InstanceView & { readonly annotations?: QueriedAnnotations };

/** What a notice is about; of several that left together `key` is `*` and the host states how many. */
export interface NoticeSubject {
  readonly key: string;
  readonly host?: string;
  readonly owner?: string;
  readonly gateways?: readonly string[];
}

/** One notice; immutable: every change makes a new object (PN3). Times are milliseconds since the epoch. */
export interface Notice {
  readonly noticeId: string;
  readonly rule: string;
  readonly when: NoticeEvent;
  readonly severity: Severity;
  /** `resolved` when it is over; a return, an appearance and a use are over at once. */
  readonly state: 'open' | 'resolved';
  readonly subject: NoticeSubject;
  readonly cause?: Cause;
  /** Further details, one line in English. */
  readonly detail?: string;
  /** Since when the condition is met. */
  readonly sinceMs: number;
  readonly openedAtMs: number;
  readonly resolvedAtMs?: number;
  /** How often it happened: departures of a flapping instance, instances that left together. */
  readonly count: number;
  /** Keys of the instances that left together, at most 100. */
  readonly members?: readonly string[];
  /** How often it was sent, this time included: the first one is 1. */
  readonly told: number;
  readonly acknowledgedAtMs?: number;
  readonly acknowledgedBy?: string;
  /** The present row, or the last one before it left. */
  readonly instance?: NoticedRow;
}

/** Values of `type` on the wire. */
export const noticeTypes = [
  'presence.left',
  'presence.returned',
  'presence.joined',
  'presence.idle',
  'presence.in-use',
  'presence.flapping',
  'presence.steady',
  'gateway.unreachable',
  'gateway.up',
  'host.stats-above',
  'host.stats-normal',
] as const;

export type NoticeType = (typeof noticeTypes)[number];

const types: Readonly<Record<NoticeEvent, readonly [open: NoticeType, resolved: NoticeType]>> = {
  leaves: ['presence.left', 'presence.returned'],
  returns: ['presence.returned', 'presence.returned'],
  appears: ['presence.joined', 'presence.joined'],
  idle: ['presence.idle', 'presence.in-use'],
  'in-use': ['presence.in-use', 'presence.in-use'],
  flapping: ['presence.flapping', 'presence.steady'],
  'gateway-unreachable': ['gateway.unreachable', 'gateway.up'],
  'host-stats': ['host.stats-above', 'host.stats-normal'],
};

/** The type of a notice on the wire (PN3). */
export function noticeType({ when, state }: Pick<Notice, 'when' | 'state'>): NoticeType {
  return types[when][state === 'open' ? 0 : 1];
}

/** One message of a notice: the body of a webhook and of every other channel (PN3). */
export interface NoticeMessage {
  readonly type: NoticeType;
  /** When it was sent, ISO 8601. */
  readonly timestamp: string;
  readonly data: {
    readonly noticeId: string;
    readonly rule: string;
    readonly severity: Severity;
    readonly state: Notice['state'];
    readonly subject: NoticeSubject;
    readonly cause: Cause | null;
    readonly detail?: string;
    readonly count: number;
    /** ISO 8601. */
    readonly since: string;
    readonly instance: NoticedRow | null;
    readonly members?: readonly string[];
  };
}

/** The message of a notice at a moment. */
export function noticeMessage(notice: Notice, atMs: number): NoticeMessage {
  const { noticeId, rule, severity, state, subject, cause, detail, count, sinceMs, members } = notice;
  return {
    type: noticeType(notice),
    timestamp: new Date(Math.round(atMs)).toISOString(),
    data: {
      noticeId,
      rule,
      severity,
      state,
      subject,
      cause: cause ?? null,
      ...(detail !== undefined && { detail }),
      count,
      since: new Date(Math.round(sinceMs)).toISOString(),
      instance: notice.instance ?? null,
      ...(members !== undefined && { members }),
    },
  };
}

const sentences: Readonly<Record<NoticeType, string>> = {
  'presence.left': 'left',
  'presence.returned': 'is back',
  'presence.joined': 'appeared for the first time',
  'presence.idle': 'is idle',
  'presence.in-use': 'is in use again',
  'presence.flapping': 'keeps leaving and returning',
  'presence.steady': 'is steady again',
  'gateway.unreachable': 'cannot be reached (gateway)',
  'gateway.up': 'is reachable again (gateway)',
  'host.stats-above': 'is short of resources',
  'host.stats-normal': 'has its resources back',
};

/** One line for people, in English: `kitchen-pi left (connection-lost: no answer to pings)`. */
export function noticeText({ type, data }: Pick<NoticeMessage, 'type' | 'data'>): string {
  const { subject, cause, detail } = data;
  const reason = detail ?? causeText(cause);
  return `${subject.host ?? subject.key} ${sentences[type]}${reason === undefined ? '' : ` (${reason})`}`;
}

function causeText(cause: Cause | null): string | undefined {
  if (cause === null) return undefined;
  return cause.evidence === undefined ? cause.code : `${cause.code}: ${cause.evidence}`;
}

/** The row of a notice, as its subject. */
export function subjectOf(row: NoticedRow): NoticeSubject {
  const { key, host, gateways, annotations } = row;
  return {
    key,
    ...(host !== undefined && { host }),
    ...(annotations?.owner !== undefined && { owner: annotations.owner }),
    ...(gateways !== undefined && { gateways }),
  };
}
