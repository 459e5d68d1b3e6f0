import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Instance } from '../../client/index.ts';
import { IconButton } from '../app/icon-button.tsx';
import { useBoard, useLaterWords, usePage } from '../app/page-context.tsx';
import { DeviceIcon } from '../icons/device-icon.tsx';
import { deviceKind } from '../icons/device-kind.ts';
import { rowName } from '../list/row-name.ts';
import { StatusText } from '../list/ticking.tsx';
import { CopyButton } from './copy-button.tsx';
import { debugSummary } from './debug-summary.ts';
import { Fact, Section } from './fact-list.tsx';
import { factSections } from './facts.ts';
import { HostLoad } from './host-load.tsx';
import { PresenceFacts } from './presence-facts.tsx';
import { RecentChanges } from './recent-changes.tsx';

/** All that is known of one instance, beside the list; on a small screen in its place. */
export function DetailPanel({ onClose }: { readonly onClose: () => void }): VNode {
  const { address } = usePage();
  const { watch } = useBoard();
  const { t } = useLaterWords();
  const key = address.view.value.instance;
  const wanted = key?.trim().toLowerCase();
  const instance = watch.roster.value.instances.find((row) => row.key === wanted);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  return (
    <aside class="detail" aria-label={t.detail}>
      <header class="detail-head">
        <IconButton class="detail-back" label={t.back} glyph="back" onClick={onClose} />
        {instance && (
          <span class="tile">
            <DeviceIcon kind={deviceKind(instance)} />
          </span>
        )}
        <div class="detail-title">
          <h2 ref={title} tabIndex={-1}>
            {(instance && rowName(instance)) ?? (instance ? t.unnamed : t.detail)}
          </h2>
          {instance && <StatusText instance={instance} />}
        </div>
        <IconButton class="detail-close" label={t.close} glyph="close" onClick={onClose} />
      </header>
      {instance ? <Facts instance={instance} /> : <p class="detail-gone">{t.detailGone}</p>}
      {key !== undefined && <RecentChanges instanceKey={wanted ?? ''} />}
    </aside>
  );
}

function Facts({ instance }: { readonly instance: Instance }): VNode {
  const { watch } = useBoard();
  const { t, f } = useLaterWords();
  return (
    <>
      <div class="detail-actions">
        <CopyButton label={t.copySummary} text={() => debugSummary(instance, watch.nowMs.peek())} />
        <CopyButton label={t.copyJson} text={() => JSON.stringify(instance, undefined, 2)} />
      </div>
      <PresenceFacts instance={instance} />
      {factSections(instance, f).map(
        ({ section, facts }) =>
          facts.length > 0 && (
            <Section key={section} title={t.sections[section]}>
              <dl>
                {facts.map(({ value, ...fact }) => (
                  <Fact key={fact.field} {...fact}>
                    {value}
                  </Fact>
                ))}
              </dl>
            </Section>
          ),
      )}
      {instance.hostStats && <HostLoad stats={instance.hostStats} />}
    </>
  );
}
