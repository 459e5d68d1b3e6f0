import type { VNode } from 'preact';
import type { LoggedChange } from '../app/change-log.ts';
import { useBoard, useWords } from '../app/page-context.tsx';
import type { Formats } from '../format/formats.ts';
import type { FieldName, Messages } from '../i18n/messages.ts';
import { Section } from './fact-list.tsx';
import { reasonText } from './facts.ts';

/** What happened to an instance while the page was open, newest first. */
export function RecentChanges({ instanceKey }: { readonly instanceKey: string }): VNode {
  const { log, watch } = useBoard();
  const { t, f } = useWords();
  const { version } = watch.roster.value;
  const changes = log.of(instanceKey);
  return (
    <Section title={t.sections.changes}>
      {changes.length === 0 ? (
        <p class="muted">{t.noChanges}</p>
      ) : (
        <ol class="changes" data-version={version}>
          {changes.map((change) => (
            <li key={change}>
              <time dateTime={new Date(change.atMs).toISOString()}>{f.timeOfDay(change.atMs)}</time>
              <span>{changeText(change, t, f)}</span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function changeText({ kind, fields }: LoggedChange, t: Messages, f: Formats): string {
  if (kind === 'join') return t.changeJoined;
  if (kind === 'leave') return t.changeLeft;
  if (fields.length === 0) return t.changeRenewed;
  return fields.map(({ name, value }) => fieldText(name, value, t, f)).join(' · ');
}

/** Names of fields as the details call them. */
const fieldNames: Readonly<Record<string, FieldName | 'load'>> = {
  lastInputSeconds: 'lastInput',
  connectedAtMs: 'connectedSince',
  disconnectedAtMs: 'disconnectedAt',
  unreachableSinceMs: 'unreachableSince',
  gatewayIds: 'gateways',
  hostStats: 'load',
};

function fieldText(name: string, value: unknown, t: Messages, f: Formats): string {
  const field = fieldNames[name] ?? (name as FieldName);
  if (field === 'load') return t.sections.host;
  const label = t.fields[field] ?? name;
  if (value === undefined) return t.changeDropped(label);
  return t.changeSet(label, valueText(name, value, t, f));
}

function valueText(name: string, value: unknown, t: Messages, f: Formats): string {
  if (name === 'lastInputSeconds') return f.age(Number(value) * 1_000);
  if (name === 'reason') return reasonText(String(value), t);
  if (typeof value === 'number') return name.endsWith('AtMs') ? f.timeOfDay(value) : f.count(value);
  return Array.isArray(value) ? value.join(', ') : String(value);
}
