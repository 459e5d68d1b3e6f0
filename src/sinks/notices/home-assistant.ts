import { hash } from 'node:crypto';
import { lastInputSecondsAt } from '../../core/index.ts';
import { presenceStateOf } from '../../viewer/index.ts';
import type { NoticedRow } from './notice.ts';

/** Where messages for Home Assistant go. */
export interface HomeAssistantTopics {
  /** First part of our own topics, for example `rollcall`. */
  readonly base: string;
  /** Prefix of discovery, for example `homeassistant`. */
  readonly discovery: string;
  /** Version of the gateway. */
  readonly version: string;
}

/** One message to be kept by the broker; an empty payload removes what it kept. */
export interface RetainedMessage {
  readonly topic: string;
  readonly payload: string;
}

/** Topic on which the gateway itself is `online` or, by its last will, `offline`. */
export function statusTopic(base: string): string {
  return `${base}/status`;
}

/** A presence key as a part of topics and ids: forbidden characters are replaced, and a hash keeps two keys distinct. */
export function topicId(key: string): string {
  const digest = hash('sha256', key, 'hex').slice(0, 8);
  return `${key.replace(/[^a-z0-9_-]+/gi, '-').slice(0, 48)}-${digest}`;
}

/**
 * What Home Assistant receives of an instance, by MQTT discovery (PN14): a device with the connectivity, the last input and when it
 * was heard from.
 *
 * Source: the documentation of its MQTT integration, sections "MQTT discovery", "Binary sensor" and "Sensor".
 */
export function discoveryMessages(row: NoticedRow, topics: HomeAssistantTopics): readonly RetainedMessage[] {
  const id = topicId(row.key);
  const common = {
    state_topic: `${topics.base}/instances/${id}/state`,
    availability: [
      { topic: statusTopic(topics.base) },
      { topic: `${topics.base}/instances/${id}/availability` },
    ],
    availability_mode: 'all',
    device: deviceOf(row, id),
    origin: { name: 'Rollcall', sw_version: topics.version },
    qos: 1,
  };
  const entity = (component: string, object: string, config: object): RetainedMessage => ({
    topic: discoveryTopic(topics, component, id, object),
    payload: JSON.stringify({ ...config, unique_id: `rollcall_${id}_${object}`, ...common }),
  });
  return [
    entity('binary_sensor', 'connection', {
      name: 'Connection',
      device_class: 'connectivity',
      value_template: '{{ value_json.connected }}',
      payload_on: 'ON',
      payload_off: 'OFF',
    }),
    entity('sensor', 'last_seen', {
      name: 'Last seen',
      device_class: 'timestamp',
      entity_category: 'diagnostic',
      value_template: '{{ value_json.last_seen }}',
    }),
    entity('sensor', 'last_input', {
      name: 'Last input',
      device_class: 'timestamp',
      value_template: '{{ value_json.last_input }}',
    }),
  ];
}

/** Messages that remove an instance from Home Assistant and from the broker. */
export function removalMessages(key: string, topics: HomeAssistantTopics): readonly RetainedMessage[] {
  const id = topicId(key);
  const own = ['state', 'availability'].map((part) => `${topics.base}/instances/${id}/${part}`);
  const entities = [
    ['binary_sensor', 'connection'],
    ['sensor', 'last_seen'],
    ['sensor', 'last_input'],
  ] as const;
  const discovery = entities.map(([component, object]) => discoveryTopic(topics, component, id, object));
  return [...discovery, ...own].map((topic) => ({ topic, payload: '' }));
}

/** The state of an instance; `row` is its last one when it is not listed any more. */
export function stateMessages(
  row: NoticedRow,
  isListed: boolean,
  nowMs: number,
  { base }: HomeAssistantTopics,
): readonly RetainedMessage[] {
  const id = topicId(row.key);
  const state = isListed ? presenceStateOf(row, nowMs) : 'disconnected';
  const isConnected = state !== 'disconnected' && state !== 'unreachable';
  const input = lastInputSecondsAt(row, row.ts);
  return [
    {
      topic: `${base}/instances/${id}/availability`,
      payload: state === 'unreachable' ? 'offline' : 'online',
    },
    {
      topic: `${base}/instances/${id}/state`,
      payload: JSON.stringify({
        connected: isConnected ? 'ON' : 'OFF',
        last_seen: iso(row.ts),
        last_input: input === undefined ? null : iso(row.ts - input * 1_000),
        cause: row.cause?.code ?? null,
      }),
    },
  ];
}

function discoveryTopic(
  { discovery }: HomeAssistantTopics,
  component: string,
  id: string,
  object: string,
): string {
  return `${discovery}/${component}/rollcall_${id}/${object}/config`;
}

function deviceOf(row: NoticedRow, id: string): object {
  const { annotations, host, key, version, modelIdentifier, platform } = row;
  return {
    identifiers: [`rollcall_${id}`],
    name: annotations?.name ?? host ?? key,
    ...(version !== undefined && { sw_version: version }),
    ...(modelIdentifier !== undefined && { model: modelIdentifier }),
    ...(platform !== undefined && { hw_version: platform }),
  };
}

function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
