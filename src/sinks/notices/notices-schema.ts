import { type TSchema, Type } from 'typebox';
import { optional } from '../../protocol/index.ts';
import { durationPattern, knownCauses, noticeEvents, severities } from './notice-rule.ts';
import { type DeliveryConfig, webhookTemplates } from './notices-config.ts';
import { weekdays } from './quiet-hours.ts';

const namePattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';
const closed = { additionalProperties: false };
const words = (values: readonly string[]): TSchema => Type.Enum(values as [string, ...string[]]);
const duration = Type.String({ pattern: durationPattern });
const text = Type.String({ minLength: 1 });
const httpUrl = Type.String({ pattern: '^https?://[^\\s]+$' });
const timeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });

/** One rule. */
export const ruleSchema: TSchema = Type.Object(
  {
    name: Type.String({ pattern: namePattern }),
    when: words(noticeEvents),
    who: optional(text),
    for: optional(duration),
    unless: optional(Type.Array(words(knownCauses))),
    quietHours: optional(
      Type.Object(
        {
          from: timeOfDay,
          to: timeOfDay,
          timeZone: optional(text),
          days: optional(Type.Array(words(weekdays), { minItems: 1 })),
        },
        closed,
      ),
    ),
    repeat: optional(duration),
    severity: optional(words(severities)),
    above: optional(
      Type.Object(
        {
          memory: optional(Type.Number({ minimum: 0, maximum: 100 })),
          disk: optional(Type.Number({ minimum: 0, maximum: 100 })),
          load: optional(Type.Number({ minimum: 0 })),
        },
        { ...closed, minProperties: 1 },
      ),
    ),
  },
  closed,
);

const common = {
  name: Type.String({ pattern: namePattern }),
  rules: optional(Type.Array(text)),
  giveUpAfter: optional(duration),
  timeout: optional(duration),
};

/** Deliveries by type. */
export const deliverySchemas: Readonly<Record<DeliveryConfig['type'], TSchema>> = {
  webhook: Type.Object(
    {
      ...common,
      type: Type.Literal('webhook'),
      url: optional(httpUrl),
      urlFile: optional(text),
      secretFile: optional(text),
      tokenFile: optional(text),
      template: optional(words(webhookTemplates)),
      chatId: optional(text),
    },
    closed,
  ),
  command: Type.Object(
    {
      ...common,
      type: Type.Literal('command'),
      command: Type.Array(Type.String(), { minItems: 1, maxItems: 100 }),
    },
    closed,
  ),
  mqtt: Type.Object(
    {
      ...common,
      type: Type.Literal('mqtt'),
      url: Type.String({ pattern: '^(mqtts?|wss?)://[^\\s]+$' }),
      username: optional(text),
      passwordFile: optional(text),
      topic: optional(Type.String({ pattern: '^[^#+\\s/][^#+\\s]*$' })),
      homeAssistant: optional(Type.Union([Type.Boolean(), Type.String({ pattern: '^[^#+\\s/]+$' })])),
      who: optional(text),
      forgetAfter: optional(duration),
    },
    closed,
  ),
};

/** A heartbeat. */
export const heartbeatSchema: TSchema = Type.Object(
  { url: optional(httpUrl), urlFile: optional(text), every: optional(duration) },
  closed,
);

/** JSON Schema of the setting (PN1). */
export const NoticesConfigSchema: TSchema = Type.Object(
  {
    rules: Type.Union([Type.Literal('default'), Type.Array(ruleSchema, { maxItems: 200 })]),
    deliveries: optional(Type.Array(Type.Union(Object.values(deliverySchemas)), { maxItems: 50 })),
    heartbeat: optional(heartbeatSchema),
  },
  closed,
);
