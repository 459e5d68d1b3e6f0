import { type TSchema, Type } from 'typebox';
import { didYouMean } from '../../core/index.ts';
import { schemaCheck } from '../../protocol/index.ts';
import { parseQuery } from '../../viewer/index.ts';
import {
  defaultRules,
  durationPattern,
  knownCauses,
  type NoticeRule,
  noticeEvents,
  severities,
} from './notice-rule.ts';
import { QuietClock, weekdays } from './quiet-hours.ts';

/** Forms in which a webhook says a notice: by Standard Webhooks, or as a service wants it (PN11). */
export const webhookTemplates = ['standard', 'ntfy', 'slack', 'discord', 'telegram'] as const;

export type WebhookTemplate = (typeof webhookTemplates)[number];

interface DeliveryCommon {
  /** Unique; shown in lists, logs and metrics. */
  readonly name: string;
  /** Names of rules, `*` is all; default all. */
  readonly rules?: readonly string[];
  /** Give up on a message after this; default `24h`. */
  readonly giveUpAfter?: string;
  /** Longest time of one attempt; default `10s`. */
  readonly timeout?: string;
}

export interface WebhookConfig extends DeliveryCommon {
  readonly type: 'webhook';
  readonly url?: string;
  /** File that holds the address, where the address is a secret. */
  readonly urlFile?: string;
  /** File with the secret of the signature, `whsec_…`; on a second line the one before it, while both are good. */
  readonly secretFile?: string;
  /** File with a token for `Authorization: Bearer`. */
  readonly tokenFile?: string;
  /** Default `standard`. */
  readonly template?: WebhookTemplate;
  /** For `telegram`: the chat. */
  readonly chatId?: string;
}

export interface CommandConfig extends DeliveryCommon {
  readonly type: 'command';
  /** Program and arguments, without a shell. */
  readonly command: readonly string[];
}

export interface MqttConfig extends DeliveryCommon {
  readonly type: 'mqtt';
  /** `mqtt://host:1883` or `mqtts://`. */
  readonly url: string;
  readonly username?: string;
  readonly passwordFile?: string;
  /** First part of all topics; default `rollcall`. */
  readonly topic?: string;
  /** Publish instances to Home Assistant by its discovery, below this prefix; `true` is `homeassistant`. Default no. */
  readonly homeAssistant?: boolean | string;
  /** Which instances Home Assistant gets; default `mode:node`. */
  readonly who?: string;
  /** An instance that is away for so long is removed there; default `7d`. */
  readonly forgetAfter?: string;
}

export type DeliveryConfig = WebhookConfig | CommandConfig | MqttConfig;

/** The setting `notices`, and the file of `noticesFile` (PN1). */
export interface NoticesConfig {
  readonly rules: readonly NoticeRule[] | 'default';
  readonly deliveries?: readonly DeliveryConfig[];
  /** `GET` of an address every so often, so that somebody outside sees when this gateway is dead (PN15). */
  readonly heartbeat?: { readonly url?: string; readonly urlFile?: string; readonly every?: string };
}

const namePattern = '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$';
const closed = { additionalProperties: false };
const optional = (schema: TSchema): TSchema => Type.Optional(schema);
const words = (values: readonly string[]): TSchema => Type.Enum(values as [string, ...string[]]);
const duration = Type.String({ pattern: durationPattern });
const text = Type.String({ minLength: 1 });
const httpUrl = Type.String({ pattern: '^https?://[^\\s]+$' });
const timeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });

const ruleSchema = Type.Object(
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

const deliverySchemas: Readonly<Record<DeliveryConfig['type'], TSchema>> = {
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

const deliveryTypes = Object.keys(deliverySchemas);

/** JSON Schema of the setting (PN1). */
export const NoticesConfigSchema: TSchema = Type.Object(
  {
    rules: Type.Union([Type.Literal('default'), Type.Array(ruleSchema, { maxItems: 200 })]),
    deliveries: optional(Type.Array(Type.Union(Object.values(deliverySchemas)), { maxItems: 50 })),
    heartbeat: optional(
      Type.Object({ url: optional(httpUrl), urlFile: optional(text), every: optional(duration) }, closed),
    ),
  },
  closed,
);

/** What is wrong, and where: a path such as `/rules/0/when`. */
export interface ConfigProblem {
  readonly path: string;
  readonly what: string;
}

const checkRule = schemaCheck(ruleSchema);
const checkHeartbeat = schemaCheck(
  Type.Object({ url: optional(httpUrl), urlFile: optional(text), every: optional(duration) }, closed),
);
const deliveryChecks = Object.fromEntries(
  Object.entries(deliverySchemas).map(([type, schema]) => [type, schemaCheck(schema)] as const),
);

/** The first thing that is wrong with rules and deliveries; `undefined` when nothing is (PN1). */
export function noticesProblem(value: unknown): ConfigProblem | undefined {
  if (!isObject(value)) return { path: '/', what: 'must be an object with "rules"' };
  const unknown = Object.keys(value).find((key) => !['rules', 'deliveries', 'heartbeat'].includes(key));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, ['rules', 'deliveries', 'heartbeat']);
    return { path: `/${unknown}`, what: `is not known${hint}` };
  }
  const { rules, deliveries = [], heartbeat } = value;
  if (rules !== 'default' && !Array.isArray(rules)) {
    return { path: '/rules', what: 'must be a list of rules, or "default"' };
  }
  if (!Array.isArray(deliveries)) return { path: '/deliveries', what: 'must be a list' };
  if (rules.length > 200) return { path: '/rules', what: 'must be at most 200 rules' };
  if (deliveries.length > 50) return { path: '/deliveries', what: 'must be at most 50 deliveries' };
  const list = rules === 'default' ? [] : rules;
  return (
    firstOf(list, '/rules', ruleProblem) ??
    twice(list, '/rules') ??
    firstOf(deliveries, '/deliveries', deliveryProblem) ??
    twice(deliveries, '/deliveries') ??
    unknownRule(rules === 'default' ? defaultRules : list, deliveries) ??
    (heartbeat === undefined ? undefined : heartbeatProblem(heartbeat))
  );
}

/** Reads the file of `noticesFile`: what is wrong is said with its line (PN1). */
export function readNoticesText(
  source: string,
): { readonly config: NoticesConfig } | { readonly problem: string; readonly line: number } {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    const { message } = error as Error;
    const [, position] = /position (\d+)/.exec(message) ?? [];
    const [, stated] = /line (\d+)/.exec(message) ?? [];
    const line = stated === undefined ? lineAt(source, Number(position ?? source.length)) : Number(stated);
    return { problem: 'is no JSON here', line };
  }
  const problem = noticesProblem(value);
  if (problem === undefined) return { config: value as NoticesConfig };
  return { problem: `${problem.path} ${problem.what}`, line: lineAt(source, placeOf(source, problem.path)) };
}

/** The rules of a configuration. */
export function rulesOf({ rules }: NoticesConfig): readonly NoticeRule[] {
  return rules === 'default' ? defaultRules : rules;
}

function ruleProblem(rule: unknown): ConfigProblem | undefined {
  const problem = checkRule(rule);
  if (problem !== undefined) return problem;
  const { who, when, quietHours, above } = rule as NoticeRule;
  if ((when === 'host-stats') !== (above !== undefined)) {
    return {
      path: '/above',
      what: when === 'host-stats' ? 'is required, for example {"memory": 90}' : 'is for host-stats only',
    };
  }
  return queryProblem(who) ?? (quietHours === undefined ? undefined : zoneProblem(quietHours));
}

function zoneProblem(quietHours: NonNullable<NoticeRule['quietHours']>): ConfigProblem | undefined {
  try {
    new QuietClock(quietHours);
    return undefined;
  } catch {
    return {
      path: '/quietHours/timeZone',
      what: 'must be the name of a time zone, for example Europe/Berlin',
    };
  }
}

function deliveryProblem(delivery: unknown): ConfigProblem | undefined {
  const type = isObject(delivery) ? delivery['type'] : undefined;
  const check = typeof type === 'string' ? deliveryChecks[type] : undefined;
  if (check === undefined) return { path: '/type', what: `must be one of ${deliveryTypes.join(', ')}` };
  const problem = check(delivery);
  if (problem !== undefined) return problem;
  const config = delivery as DeliveryConfig;
  if (config.type === 'mqtt') return queryProblem(config.who);
  if (config.type !== 'webhook') return undefined;
  if ((config.url === undefined) === (config.urlFile === undefined)) {
    return { path: '/url', what: 'is required, or urlFile instead' };
  }
  const { template = 'standard', secretFile, chatId } = config;
  if (template === 'standard' && secretFile === undefined) {
    return { path: '/secretFile', what: 'is required: receivers verify messages with the secret in it' };
  }
  if ((template === 'telegram') !== (chatId !== undefined)) {
    return { path: '/chatId', what: template === 'telegram' ? 'is required' : 'is for telegram only' };
  }
  return undefined;
}

function heartbeatProblem(heartbeat: unknown): ConfigProblem | undefined {
  const problem = checkHeartbeat(heartbeat);
  if (problem !== undefined) return below('/heartbeat', problem);
  const { url, urlFile } = heartbeat as NonNullable<NoticesConfig['heartbeat']>;
  return (url === undefined) === (urlFile === undefined)
    ? { path: '/heartbeat/url', what: 'is required, or urlFile instead' }
    : undefined;
}

function queryProblem(who: string | undefined): ConfigProblem | undefined {
  const query = who === undefined ? undefined : parseQuery(who);
  if (query === undefined || query.ok) return undefined;
  const { message, at } = query.error;
  return { path: '/who', what: `is no query: ${message} (at character ${at + 1})` };
}

/** A delivery that asks for a rule that is not there. */
function unknownRule(rules: readonly unknown[], deliveries: readonly unknown[]): ConfigProblem | undefined {
  const names = (rules as readonly NoticeRule[]).map(({ name }) => name);
  for (const [index, { rules: wanted = [] }] of (deliveries as readonly DeliveryConfig[]).entries()) {
    const at = wanted.findIndex((name) => name !== '*' && !names.includes(name));
    if (at === -1) continue;
    const hint = didYouMean(wanted[at] ?? '', names);
    return { path: `/deliveries/${index}/rules/${at}`, what: `names no rule${hint}` };
  }
  return undefined;
}

function twice(list: readonly unknown[], path: string): ConfigProblem | undefined {
  const names = (list as readonly { readonly name: string }[]).map(({ name }) => name);
  const index = names.findIndex((name, at) => names.indexOf(name) !== at);
  return index === -1 ? undefined : { path: `${path}/${index}/name`, what: 'is there twice' };
}

function firstOf(
  list: readonly unknown[],
  path: string,
  problemOf: (item: unknown) => ConfigProblem | undefined,
): ConfigProblem | undefined {
  for (const [index, item] of list.entries()) {
    const problem = problemOf(item);
    if (problem !== undefined) return below(`${path}/${index}`, problem);
  }
  return undefined;
}

function below(path: string, problem: ConfigProblem): ConfigProblem {
  return { ...problem, path: problem.path === '/' ? path : `${path}${problem.path}` };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lineAt(source: string, position: number): number {
  return source.slice(0, position).split('\n').length;
}

/** Where the value of a path begins in valid JSON; the nearest value above it where the path leads nowhere. */
function placeOf(source: string, path: string): number {
  const parts = path
    .split('/')
    .slice(1)
    .filter((part) => part !== '');
  let best = 0;
  let depth = 0;
  const scan = new JsonScan(source);
  scan.walk((at, found) => {
    const isPrefix = found.length <= parts.length && found.every((part, index) => part === parts[index]);
    if (!isPrefix || found.length < depth) return;
    depth = found.length;
    best = at;
  });
  return best;
}

/** Walks through valid JSON text and tells where each value begins. */
class JsonScan {
  readonly #text: string;
  #at = 0;

  constructor(source: string) {
    this.#text = source;
  }

  walk(visit: (at: number, path: readonly string[]) => void, path: readonly string[] = []): void {
    this.#skip();
    visit(this.#at, path);
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') this.#inside(first === '{', visit, path);
    else if (first === '"') this.#string();
    else while (this.#at < this.#text.length && !/[\s,\]}]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #inside(
    isObjectText: boolean,
    visit: (at: number, path: readonly string[]) => void,
    path: readonly string[],
  ): void {
    this.#at += 1;
    for (let index = 0; ; index += 1) {
      this.#skip();
      const next = this.#text[this.#at];
      if (next === undefined) return;
      if (next === '}' || next === ']') {
        this.#at += 1;
        return;
      }
      if (next === ',') {
        this.#at += 1;
        this.#skip();
      }
      let name = String(index);
      const nameAt = this.#at;
      if (isObjectText) {
        name = this.#string();
        visit(nameAt, [...path, name]);
        this.#skip();
        this.#at += 1;
      }
      this.walk(visit, [...path, name]);
    }
  }

  #string(): string {
    const start = this.#at;
    for (this.#at += 1; this.#text[this.#at] !== '"'; this.#at += 1) {
      if (this.#text[this.#at] === '\\') this.#at += 1;
    }
    this.#at += 1;
    return JSON.parse(this.#text.slice(start, this.#at)) as string;
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }
}
