import type { Instance } from '../../client/index.ts';
import { type FactName, type FactSource, factNames, fields, sourceOf } from '../../core/index.ts';
import type { Formats } from '../format/formats.ts';
import { modelName } from '../format/model-names.ts';
import { gatewaysOf } from '../format/names.ts';
import { platformName } from '../format/platform-names.ts';
import { type FieldName, modeText, reasonText, roleText, type Words } from '../i18n/words.ts';

/** One known fact of an instance, in words. */
export interface ShownFact {
  readonly field: FieldName;
  readonly value: string;
  /** The value that the client reported, where `value` is a translation of it. */
  readonly raw?: string;
  /** True for addresses and ids, which are shown in a monospaced font. */
  readonly mono?: boolean;
  readonly source?: FactSource;
  /** The query that finds all rows with the same value. */
  readonly search?: string;
}

/** A section of facts. */
export interface FactSection {
  readonly section: 'identity' | 'machine' | 'connection';
  readonly facts: readonly ShownFact[];
}

/** All facts of an instance that do not tick, by section; unknown ones are absent. */
export function factSections(row: Instance, f: Formats, t: Words): readonly FactSection[] {
  const isOwnKey = row.key === row.instanceId || row.key === row.deviceId;
  const key: readonly ShownFact[] = isOwnKey ? [] : [{ field: 'key', value: row.key, mono: true }];
  return [
    { section: 'identity', facts: [...shownFacts(row, 'identity', t), ...key] },
    { section: 'machine', facts: shownFacts(row, 'machine', t) },
    { section: 'connection', facts: [...shownFacts(row, 'connection', t), ...connectionFacts(row, f)] },
  ];
}

/** The facts of one section that a row has, in the order of the table. */
function shownFacts(row: Instance, section: FactSection['section'], t: Words): readonly ShownFact[] {
  return factNames
    .filter((name) => name !== 'lastInputSeconds' && fields[name].section === section)
    .flatMap((name) => {
      const field = name as Exclude<FactName, 'lastInputSeconds'>;
      const value: string | readonly string[] | undefined = row[field];
      // A text that only repeats the name is left out.
      if (value === undefined || (field === 'text' && value === row.host)) return [];
      return (typeof value === 'string' ? [value] : value).map((raw) => shownFact(row, field, raw, t));
    });
}

function shownFact(
  row: Instance,
  field: Exclude<FactName, 'lastInputSeconds'>,
  raw: string,
  t: Words,
): ShownFact {
  const value = inWords[field]?.(raw, t) ?? raw;
  const source = sourceOf(row, field);
  return {
    field,
    value,
    mono: fields[field].fixedWidth === true,
    ...(value.toLowerCase() !== raw.toLowerCase() && { raw }),
    ...(source !== undefined && { source }),
    ...(shared.has(field) && { search: `${field}:${/^[\w.*-]+$/.test(raw) ? raw : JSON.stringify(raw)}` }),
  };
}

/** Facts that other rows may share; their values are links to the rows that do. */
const shared: ReadonlySet<FactName> = new Set([
  'mode',
  'version',
  'tags',
  'ip',
  'modelIdentifier',
  'platform',
]);

/** Facts whose value has a common name. */
const inWords: Partial<Readonly<Record<FactName, (raw: string, t: Words) => string>>> = {
  modelIdentifier: modelName,
  platform: platformName,
  mode: modeText,
  reason: reasonText,
  roles: roleText,
};

function connectionFacts(row: Instance, f: Formats): readonly ShownFact[] {
  const { observedIp, reportedIp, connections, rttMs, unreachableSinceMs, ip } = row;
  const gateways = gatewaysOf(row);
  const facts: ShownFact[] = [];
  // Shown elsewhere in the details.
  if (observedIp !== undefined && observedIp !== ip)
    facts.push({ field: 'observedIp', value: observedIp, mono: true });
  if (reportedIp !== undefined && reportedIp !== ip)
    facts.push({ field: 'reportedIp', value: reportedIp, mono: true });
  if (connections !== undefined && connections > 0)
    facts.push({ field: 'connections', value: f.count(connections) });
  if (rttMs !== undefined) facts.push({ field: 'roundTrip', value: f.milliseconds(rttMs) });
  if (gateways.length > 0) facts.push({ field: 'gateways', value: f.list(gateways) });
  if (unreachableSinceMs !== undefined)
    facts.push({ field: 'unreachableSince', value: f.dateTime(unreachableSinceMs) });
  return facts;
}

/** The producers of the facts, in one line: that of most of them last. */
export function provenanceText(facts: readonly ShownFact[], t: Words, f: Formats): string | undefined {
  const bySource = new Map<FactSource, Set<string>>();
  for (const { source, field } of facts) {
    if (source === undefined) continue;
    const fields = bySource.get(source) ?? new Set();
    bySource.set(source, fields.add(t.fields[field]));
  }
  const sources = [...bySource].sort(([, a], [, b]) => a.size - b.size);
  const most = sources.pop();
  if (most === undefined) return undefined;
  const parts = sources.map(([source, fields]) => t.provenanceOf(t.sources[source], f.list([...fields])));
  const rest = parts.length === 0 ? t.sources[most[0]] : t.provenanceAll(t.sources[most[0]]);
  return t.provenance([...parts, rest].join('; '));
}
