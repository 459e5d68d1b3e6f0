import { didYouMean } from '../../core/index.ts';
import { schemaCheck } from '../../protocol/index.ts';
import { parseQuery } from '../../viewer/index.ts';
import { defaultRules, type NoticeRule } from './notice-rule.ts';
import type { DeliveryConfig, NoticesConfig } from './notices-config.ts';
import { deliverySchemas, heartbeatSchema, ruleSchema } from './notices-schema.ts';
import { QuietClock } from './quiet-hours.ts';

/** What is wrong, and where: a path such as `/rules/0/when`. */
export interface ConfigProblem {
  readonly path: string;
  readonly what: string;
}

const checkRule = schemaCheck(ruleSchema);
const checkHeartbeat = schemaCheck(heartbeatSchema);
const deliveryTypes = Object.keys(deliverySchemas);
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

/** A delivery that names a rule that does not exist. */
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
