import { type TSchema, Type } from 'typebox';
import { presenceKey } from '../../core/index.ts';
import { invalidParams, LIMITS, optional } from '../../protocol/index.ts';
import { durationMs, durationPattern } from '../../sinks/index.ts';
import { answer, defineOperation, type Operation, refuse } from './operation.ts';
import { countSchema, momentSchema } from './schemas.ts';

const closed = { additionalProperties: false } as const;
const word = Type.String({ minLength: 1, maxLength: LIMITS.maxWordLength });
const text = optional(Type.String());

const subject = Type.Object({
  key: Type.String({ description: 'Presence key; `*` for several that left together.' }),
  host: text,
  owner: text,
  gateways: optional(Type.Array(Type.String())),
});

const notice: TSchema = Type.Object({
  noticeId: Type.String(),
  rule: Type.String(),
  when: Type.String(),
  severity: Type.Enum(['info', 'warning', 'critical']),
  state: Type.Enum(['open', 'resolved']),
  subject,
  cause: optional(Type.Object({ code: Type.String(), evidence: text })),
  detail: text,
  sinceMs: momentSchema,
  openedAtMs: momentSchema,
  resolvedAtMs: optional(momentSchema),
  count: countSchema,
  told: countSchema,
  members: optional(Type.Array(Type.String())),
  acknowledgedAtMs: optional(momentSchema),
  acknowledgedBy: text,
  instance: optional(Type.Unknown({ description: 'The row, as in presence.list.' })),
});

const mute: TSchema = Type.Object({ rule: text, key: text, untilMs: momentSchema, by: text });

const delivery: TSchema = Type.Object({
  name: Type.String(),
  type: Type.String(),
  state: Type.Enum(['idle', 'sending', 'waiting']),
  queued: countSchema,
  delivered: countSchema,
  failures: countSchema,
  dropped: countSchema,
  lastProblem: text,
  lastDeliveredAtMs: optional(momentSchema),
});

export const noticesList: Operation = defineOperation({
  name: 'notices.list',
  summary: 'Open and resolved notices, mutes, and how each channel does (PN16)',
  roles: ['operator'],
  scope: 'operator.read',
  params: Type.Object({}, closed),
  result: Type.Object({
    enabled: Type.Boolean({ description: 'False for a gateway without rules; the rest is absent then.' }),
    open: optional(Type.Array(notice)),
    resolved: optional(Type.Array(notice)),
    mutes: optional(Type.Array(mute)),
    rules: optional(Type.Array(Type.Unknown())),
    deliveries: optional(Type.Array(delivery)),
    suppressed: optional(countSchema),
  }),
  http: { method: 'GET', path: '/api/v1/notices' },
  // Notices are of all gateways: who may see some only gets none (PU14).
  handle: (_, { gateways }, { notices }) =>
    answer(gateways === undefined ? notices.status() : { enabled: false }),
});

export const noticesAcknowledge: Operation = defineOperation<{ readonly noticeId: string }>({
  name: 'notices.acknowledge',
  summary: 'Says that somebody looks after an open notice: it is not repeated (PN7)',
  roles: ['operator'],
  scope: 'operator.admin',
  params: Type.Object({ noticeId: word }, closed),
  result: Type.Object({ notice }),
  example: { noticeId: 'a1' },
  http: { method: 'POST', path: '/api/v1/notices/{noticeId}/acknowledge' },
  handle({ noticeId }, { credential, gateways }, { notices }) {
    const found = gateways === undefined ? notices.acknowledge(noticeId, credential) : undefined;
    if (found !== undefined) return answer({ notice: found });
    return refuse(invalidParams('notices.acknowledge', { path: '/noticeId', what: 'names no open notice' }));
  },
});

interface MuteParams {
  readonly rule?: string;
  readonly key?: string;
  readonly for: string;
}

export const noticesMute: Operation = defineOperation<MuteParams>({
  name: 'notices.mute',
  summary:
    'Says nothing of a rule, an instance or both for a while; what is still so then is said then (PN7)',
  roles: ['operator'],
  scope: 'operator.admin',
  params: Type.Object(
    {
      rule: optional({ ...word, description: 'Name of a rule; without it every rule.' }),
      key: optional({ ...word, description: 'Presence key; without it every instance.' }),
      for: Type.String({
        pattern: durationPattern,
        description: 'How long, for example 2h; 0s ends a mute.',
      }),
    },
    closed,
  ),
  result: Type.Object({ mutes: Type.Array(mute) }),
  example: { rule: 'node-left', for: '2h' },
  http: { method: 'POST', path: '/api/v1/notices/mutes' },
  handle({ rule, key, for: duration }, { credential, gateways }, { notices, presence }) {
    const status = notices.status();
    if (!('rules' in status) || gateways !== undefined) {
      return refuse(
        invalidParams('notices.mute', { path: '/', what: 'has no use: this gateway has no rules' }),
      );
    }
    if (rule !== undefined && !status.rules.some(({ name }) => name === rule)) {
      return refuse(invalidParams('notices.mute', { path: '/rule', what: 'names no rule' }));
    }
    const row = key === undefined ? undefined : (presenceKey(key) ?? key);
    const mutes = notices.mute({
      ...(rule !== undefined && { rule }),
      ...(row !== undefined && { key: row }),
      untilMs: Math.round(presence.now().wallMs + durationMs(duration)),
      by: credential,
    });
    return answer({ mutes: mutes ?? [] });
  },
});
