import type { Instance } from '../../client/index.ts';
import { type FactSource, type Facts, sourceOf } from '../../core/index.ts';
import type { Formats } from '../format/formats.ts';
import { modelName } from '../format/model-name.ts';
import { platformName } from '../format/platform-name.ts';
import type { FieldName } from '../i18n/later-messages.ts';

/** One known fact of an instance, in words. */
export interface ShownFact {
  readonly field: FieldName;
  readonly value: string;
  /** What the client said, where the value is a translation of it. */
  readonly raw?: string;
  /** Addresses and ids, whose characters count. */
  readonly mono?: boolean;
  readonly source?: FactSource;
}

/** Facts that belong together. */
export interface FactSection {
  readonly section: 'identity' | 'machine' | 'connection';
  readonly facts: readonly ShownFact[];
}

/** All facts of an instance that do not tick, by section; unknown ones are absent. */
export function factSections(row: Instance, f: Formats): readonly FactSection[] {
  const plain = (field: keyof Facts & FieldName, mono = false): ShownFact[] => {
    const value = row[field];
    if (value === undefined) return [];
    return [
      { field, value: typeof value === 'string' ? value : value.join(', '), mono, ...from(row, field) },
    ];
  };
  const { platform, modelIdentifier: model } = row;
  return [
    {
      section: 'identity',
      facts: [
        ...plain('host'),
        ...plain('mode'),
        ...plain('version'),
        ...plain('instanceId', true),
        ...plain('deviceId', true),
        ...plain('roles'),
        ...plain('scopes'),
        ...plain('tags'),
        ...plain('text'),
        ...(row.key === row.instanceId || row.key === row.deviceId
          ? []
          : [{ field: 'key', value: row.key, mono: true } as const]),
      ],
    },
    {
      section: 'machine',
      facts: [
        ...(model === undefined ? [] : [translated(row, 'modelIdentifier', modelName(model), model)]),
        ...plain('deviceFamily'),
        ...(platform === undefined ? [] : [translated(row, 'platform', platformName(platform), platform)]),
        ...plain('timeZone'),
      ],
    },
    { section: 'connection', facts: [...plain('ip', true), ...connectionFacts(row, f)] },
  ];
}

function connectionFacts(row: Instance, f: Formats): readonly ShownFact[] {
  const { observedIp, reportedIp, connections, rttMs, gatewayIds, unreachableSinceMs } = row;
  const facts: ShownFact[] = [];
  if (observedIp !== undefined) facts.push({ field: 'observedIp', value: observedIp, mono: true });
  if (reportedIp !== undefined) facts.push({ field: 'reportedIp', value: reportedIp, mono: true });
  if (connections !== undefined) facts.push({ field: 'connections', value: f.count(connections) });
  if (rttMs !== undefined) facts.push({ field: 'roundTrip', value: f.milliseconds(rttMs) });
  if (gatewayIds !== undefined) facts.push({ field: 'gateways', value: gatewayIds.join(', '), mono: true });
  if (unreachableSinceMs !== undefined) {
    facts.push({ field: 'unreachableSince', value: f.dateTime(unreachableSinceMs) });
  }
  return facts;
}

function translated(
  row: Instance,
  field: 'modelIdentifier' | 'platform',
  value: string,
  raw: string,
): ShownFact {
  return { field, value, ...(value !== raw && { raw }), ...from(row, field) };
}

function from(row: Instance, field: keyof Facts): { readonly source?: FactSource } {
  const source = sourceOf(row, field);
  return source === undefined ? {} : { source };
}
