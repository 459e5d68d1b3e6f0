import type { VNode } from 'preact';
import type { HostStats } from '../../core/index.ts';
import { useLaterWords } from '../app/page-context.tsx';
import { hostShares } from '../list/host-shares.ts';
import { Section } from './fact-list.tsx';

/** How busy and how full the machine of an instance is. */
export function HostLoad({ stats }: { readonly stats: HostStats }): VNode {
  const { t, f } = useLaterWords();
  const { cpuCount, loadAverage, memoryFreeBytes, memoryTotalBytes, diskAvailableBytes, diskTotalBytes } =
    stats;
  const words = {
    cpu: loadAverage && `${f.list(loadAverage.map(f.decimal))} · ${t.cpus(cpuCount, f.count(cpuCount))}`,
    memory: t.ofTotal(f.bytes(memoryFreeBytes), f.bytes(memoryTotalBytes)),
    disk: t.ofTotal(f.bytes(diskAvailableBytes ?? 0), f.bytes(diskTotalBytes ?? 0)),
  };
  const names = { cpu: t.hostMeters.load, memory: t.hostMeters.memoryFree, disk: t.hostMeters.diskFree };
  return (
    <Section title={t.sections.host}>
      <dl>
        {hostShares(stats).map(({ name, share }) => (
          <div key={name} class="fact">
            <dt>{names[name]}</dt>
            <dd>
              <span>{words[name]}</span>
              <span class="meter wide" title={t.meterText(t.meters[name], f.percent(share))}>
                <span class="meter-bar" aria-hidden="true">
                  <span
                    class={share >= 0.9 ? 'meter-fill full' : 'meter-fill'}
                    style={{ '--share': share }}
                  />
                </span>
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
