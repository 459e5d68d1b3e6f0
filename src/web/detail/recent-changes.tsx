import type { VNode } from 'preact';
import type { LoggedChange } from '../app/change-log.ts';
import { useBoard, useLaterWords } from '../app/page-context.tsx';
import type { Formats } from '../format/formats.ts';
import { reasonText } from '../format/reason-text.ts';
import type { FieldName, LaterMessages } from '../i18n/later-messages.ts';
import type { Messages } from '../i18n/messages.ts';
import { changedFields } from './changed-fields.ts';
import { Section } from './fact-list.tsx';

/** What happened to an instance while the page was open, newest first. */
export function RecentChanges({ instanceKey }: { readonly instanceKey: string }): VNode {
  const { log, watch } = useBoard();
  const { t, f } = useLaterWords();
  const { version } = watch.roster.value;
  const changes = log.of(instanceKey);
  return (
    <Section title={t.sections.changes}>
      {changes.length === 0 ? (
        <p class="muted">{t.noChanges}</p>
      ) : (
        <ol class="changes" data-version={version}>
          {changes.map((logged) => (
            <li key={logged}>
              <time dateTime={new Date(logged.atMs).toISOString()}>{f.timeOfDay(logged.atMs)}</time>
              <span>{changeText(logged, t, f)}</span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}

function changeText({ change }: LoggedChange, t: Messages & LaterMessages, f: Formats): string {
  if (change.kind === 'join') return t.changeJoined;
  if (change.kind === 'leave') return t.changeLeft;
  const fields = changedFields(change);
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

function fieldText(name: string, value: unknown, t: Messages & LaterMessages, f: Formats): string {
  const field = fieldNames[name] ?? (name as FieldName);
  if (field === 'load') return t.sections.host;
  const label = t.fields[field] ?? name;
  if (value === undefined) return t.changeDropped(label);
  return t.changeSet(label, valueText(name, value, t, f));
}

function valueText(name: string, value: unknown, t: Messages & LaterMessages, f: Formats): string {
  if (name === 'lastInputSeconds') return f.age(Number(value) * 1_000);
  if (name === 'reason') return reasonText(String(value), t);
  if (typeof value === 'number') return name.endsWith('AtMs') ? f.timeOfDay(value) : f.count(value);
  return Array.isArray(value) ? value.join(', ') : String(value);
}
