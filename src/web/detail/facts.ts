import type { Instance } from '../../client/index.ts';
import { type FactName, type FactSource, factNames, fields, sourceOf } from '../../core/index.ts';
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
  const isOwnKey = row.key === row.instanceId || row.key === row.deviceId;
  const key: readonly ShownFact[] = isOwnKey ? [] : [{ field: 'key', value: row.key, mono: true }];
  return [
    { section: 'identity', facts: [...shownFacts(row, 'identity'), ...key] },
    { section: 'machine', facts: shownFacts(row, 'machine') },
    { section: 'connection', facts: [...shownFacts(row, 'connection'), ...connectionFacts(row, f)] },
  ];
}

/** The facts of one section that a row has, in the order of the table. */
function shownFacts(row: Instance, section: FactSection['section']): readonly ShownFact[] {
  return factNames
    .filter((name) => name !== 'lastInputSeconds' && fields[name].section === section)
    .flatMap((name) => {
      const field = name as Exclude<FactName, 'lastInputSeconds'>;
      const value: string | number | readonly string[] | undefined = row[field];
      if (value === undefined) return [];
      const raw = typeof value === 'object' ? value.join(', ') : String(value);
      const shown = inWords[field]?.(raw) ?? raw;
      return [
        {
          field,
          value: shown,
          mono: fields[name].fixedWidth === true,
          ...(shown !== raw && { raw }),
          ...from(row, name),
        },
      ];
    });
}

/** Facts whose value has a name that people know better. */
const inWords: Partial<Readonly<Record<FactName, (raw: string) => string>>> = {
  modelIdentifier: modelName,
  platform: platformName,
};

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

function from(row: Instance, field: FactName): { readonly source?: FactSource } {
  const source = sourceOf(row, field);
  return source === undefined ? {} : { source };
}
