import type { VNode } from 'preact';
import type { HostStats } from '../../core/index.ts';
import { useWords } from '../app/page-context.tsx';
import { hostShares } from './host-shares.ts';

/** How busy and how full a machine is: a short bar each for processor, memory and disk. */
export function HostMeters({ stats }: { readonly stats: HostStats }): VNode {
  const { t, f } = useWords();
  return (
    <span class="meters">
      {hostShares(stats).map(({ name, share }) => {
        const text = t.meterText(t.meters[name], f.percent(share));
        return (
          <span key={name} class="meter" title={text}>
            <span class="visually-hidden">{text}</span>
            <span class="meter-name" aria-hidden="true">
              {t.meters[name]}
            </span>
            <span class="meter-bar" aria-hidden="true">
              <span class={share >= 0.9 ? 'meter-fill full' : 'meter-fill'} style={{ '--share': share }} />
            </span>
          </span>
        );
      })}
    </span>
  );
}
