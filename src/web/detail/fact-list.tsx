import type { ComponentChildren, VNode } from 'preact';
import type { FactSource } from '../../core/index.ts';
import { useLaterWords } from '../app/page-context.tsx';
import type { FieldName } from '../i18n/later-messages.ts';

/** A section of the details. */
export function Section(props: { readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <section class="detail-section">
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

/** One fact: its name, its value, and where it came from. */
export function Fact(props: {
  readonly field: FieldName;
  readonly source?: FactSource | undefined;
  readonly raw?: string | undefined;
  readonly mono?: boolean | undefined;
  readonly children: ComponentChildren;
}): VNode {
  const { t } = useLaterWords();
  const { field, source, raw, mono } = props;
  return (
    <div class="fact">
      <dt>{t.fields[field]}</dt>
      <dd>
        <span class={mono ? 'mono' : undefined}>{props.children}</span>
        {raw !== undefined && <span class="mono raw">{raw}</span>}
      </dd>
      {source !== undefined && (
        <dd class="source" title={t.fromSource(t.sources[source])}>
          {t.sources[source]}
        </dd>
      )}
    </div>
  );
}
