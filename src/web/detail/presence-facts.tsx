import type { VNode } from 'preact';
import type { Instance } from '../../client/index.ts';
import { sourceOf } from '../../core/index.ts';
import { useLaterWords } from '../app/page-context.tsx';
import type { FieldName } from '../i18n/later-messages.ts';
import { AgeText, InputText } from '../list/ticking.tsx';
import { Fact, Section } from './fact-list.tsx';

/** When an instance came, was heard of, and left. */
export function PresenceFacts({ instance }: { readonly instance: Instance }): VNode {
  const { t } = useLaterWords();
  return (
    <Section title={t.sections.presence}>
      <dl>
        <Fact field="updated" source={sourceOf(instance, 'reason')}>
          <AgeText instance={instance} />
        </Fact>
        {instance.lastInputSeconds !== undefined && (
          <Fact field="lastInput" source={sourceOf(instance, 'lastInputSeconds')}>
            <InputText instance={instance} />
          </Fact>
        )}
        <Moment field="firstSeen" atMs={instance.firstSeenAtMs} />
        <Moment field="connectedSince" atMs={instance.connectedAtMs} />
        <Moment field="disconnectedAt" atMs={instance.disconnectedAtMs} />
      </dl>
    </Section>
  );
}

function Moment(props: { readonly field: FieldName; readonly atMs: number | undefined }): VNode | null {
  const { f } = useLaterWords();
  if (props.atMs === undefined) return null;
  return (
    <Fact field={props.field}>
      <time dateTime={new Date(props.atMs).toISOString()}>{f.dateTime(props.atMs)}</time>
    </Fact>
  );
}
