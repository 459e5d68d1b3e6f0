import { ageMs, type Instance, lastInputSecondsAt } from '../../client/index.ts';
import { presenceStateOf } from '../../viewer/index.ts';
import type { Formats } from '../format/formats.ts';
import { gatewaysOf } from '../format/names.ts';
import { causeText, modeText, reasonText, type Words } from '../i18n/words.ts';
import type { HistoryEntry } from './history.ts';

/** The state of an instance in a few short sentences. */
export function storyOf(row: Instance, nowMs: number, t: Words, f: Formats): string {
  const state = presenceStateOf(row, nowMs);
  const { story } = t;
  const age = f.age(ageMs(row, nowMs));
  const sentences: string[] = [];
  const sinceMs = row.connectedAtMs ?? (row.self ? row.firstSeenAtMs : undefined);
  const leftMs = row.disconnectedAtMs ?? row.ts;
  if (state === 'online')
    sentences.push(sinceMs === undefined ? story.onlineNow : story.online(f.longSpan(nowMs - sinceMs)));
  else if (state === 'reporting') sentences.push(story.reporting(age));
  else if (state === 'disconnected') {
    sentences.push(story.disconnected(f.age(nowMs - leftMs), f.timeOfDay(leftMs)));
  } else if (state === 'unreachable') sentences.push(story.unreachable(age));
  else sentences.push(story.quiet(age));
  const { cause } = row as { readonly cause?: HistoryEntry['cause'] };
  if (cause !== undefined && state === 'disconnected' && cause.code !== 'unknown')
    sentences.push(story.cause(causeText(cause, t)));
  if (row.ip !== undefined) sentences.push(story.from(row.ip));
  const gateways = gatewaysOf(row);
  if (gateways.length > 0) sentences.push(story.through(f.list(gateways)));
  const input = lastInputSecondsAt(row, nowMs);
  if (input !== undefined)
    sentences.push(input < 60 && state === 'online' ? story.inUse : story.input(f.age(input * 1_000)));
  return sentences.join(' ');
}

/** Labels of fields in the details. */
const fieldNames: Readonly<Record<string, keyof Words['fields']>> = {
  lastInputSeconds: 'lastInput',
  connectedAtMs: 'connectedSince',
  disconnectedAtMs: 'disconnectedAt',
  unreachableSinceMs: 'unreachableSince',
  gatewayIds: 'gateways',
};

/** The content of an entry of the journal beside its kind: what changed, or why. */
export function entryText(entry: HistoryEntry, t: Words, f: Formats): string {
  const { kind, previous, current, cause, count } = entry;
  const parts: string[] = [];
  if (kind === 'changed') {
    for (const name of Object.keys({ ...previous, ...current })) {
      const label = t.fields[fieldNames[name] ?? (name as keyof Words['fields'])] ?? name;
      const [before, after] = [valueText(name, previous?.[name], t), valueText(name, current?.[name], t)];
      if (before === '' && after !== '') parts.push(t.changeSet(label, after));
      else if (after === '') parts.push(t.changeDropped(label));
      else parts.push(t.fieldFromTo(label, before, after));
    }
  }
  if (count !== undefined) parts.push(t.leftTimes(count, f.count(count)));
  const why = cause === undefined ? '' : whyText(kind, cause, t, current?.['state'] !== undefined);
  if (why !== '') parts.push(why);
  return parts.join(' · ');
}

/** Why it happened; empty where that adds nothing to the kind of the entry. */
function whyText(
  kind: string,
  cause: NonNullable<HistoryEntry['cause']>,
  t: Words,
  isOfState: boolean,
): string {
  if (cause.code === 'unknown' || (kind === 'changed' && !isOfState)) return '';
  if (cause.code !== 'connected') return causeText(cause, t);
  // Only a row without a connection needs the addition: it is described by beacons.
  return cause.evidence === undefined ? '' : t.states.reporting;
}

/** Length of a shortened id, enough to distinguish it from others. */
const idStart = 12;

function valueText(name: string, value: unknown, t: Words): string {
  if (value === undefined || value === null) return '';
  if (name === 'reason') return reasonText(String(value), t);
  if (name === 'mode') return modeText(String(value), t);
  if (name === 'state' && Object.hasOwn(t.states, String(value)))
    return t.states[String(value) as keyof Words['states']];
  if (/Id$/.test(name) && String(value).length > 2 * idStart) return `${String(value).slice(0, idStart)}…`;
  return Array.isArray(value) ? value.join(', ') : String(value);
}
