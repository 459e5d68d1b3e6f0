import type { ComponentChildren, VNode } from 'preact';
import type { Instance } from '../../../client/index.ts';
import type { HostStats } from '../../../core/index.ts';
import { fullShare, hostShares } from '../../../viewer/index.ts';
import type { FieldName } from '../../i18n/words.ts';
import { factSections, provenanceText, type ShownFact } from '../../state/facts.ts';
import { noFilter } from '../../state/view-state.ts';
import { useAllWords, useBoard, usePage } from '../context.tsx';
import { AgeText, InputText } from '../list/cells.tsx';

/** The facts of an instance by section, then their producers. */
export function FactList({ instance }: { readonly instance: Instance }): VNode {
  const { t, f } = useAllWords();
  const sections = factSections(instance, f, t);
  const provenance = provenanceText(
    sections.flatMap(({ facts }) => facts),
    t,
    f,
  );
  return (
    <>
      <Section title={t.detailSections.presence}>
        <Moments instance={instance} />
      </Section>
      {instance.hostStats && <HostLoad stats={instance.hostStats} />}
      {sections.map(
        ({ section, facts }) =>
          facts.length > 0 && (
            <Section key={section} title={t.detailSections[section]}>
              <dl>
                {facts.map((fact) => (
                  <Fact key={`${fact.field} ${fact.value}`} field={fact.field}>
                    <FactValue fact={fact} />
                  </Fact>
                ))}
              </dl>
            </Section>
          ),
      )}
      {provenance !== undefined && <p class="panel-section provenance">{provenance}</p>}
    </>
  );
}

function Section(props: { readonly title: string; readonly children: ComponentChildren }): VNode {
  return (
    <section class="panel-section detail-section">
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

function Fact(props: { readonly field: FieldName; readonly children: ComponentChildren }): VNode {
  const { t } = useAllWords();
  return (
    <div class="fact">
      <dt>{t.fields[props.field]}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** A value; one that other instances may have is a link to the list of them. */
function FactValue({ fact }: { readonly fact: ShownFact }): VNode {
  const { address } = usePage();
  const { t } = useAllWords();
  const { value, raw, mono, search } = fact;
  const text = <span class={mono ? 'mono' : undefined}>{value}</span>;
  return (
    <>
      {search === undefined ? (
        text
      ) : (
        <button
          type="button"
          class="link"
          title={t.showRows(value)}
          onClick={() => address.update({ filter: { ...noFilter, text: search }, instance: undefined })}
        >
          {text}
        </button>
      )}
      {raw !== undefined && <span class="mono raw">{raw}</span>}
    </>
  );
}

/** When it was first seen, last updated and disconnected: how long ago, and the moment itself. */
function Moments({ instance }: { readonly instance: Instance }): VNode {
  const { f } = useAllWords();
  return (
    <dl>
      <Fact field="updated">
        <AgeText instance={instance} /> <span class="raw">{f.dateTime(instance.ts)}</span>
      </Fact>
      {instance.lastInputSeconds !== undefined && (
        <Fact field="lastInput">
          <InputText instance={instance} />{' '}
          <span class="raw">{f.dateTime(instance.ts - instance.lastInputSeconds * 1_000)}</span>
        </Fact>
      )}
      <Moment field="connectedSince" atMs={instance.connectedAtMs} />
      <Moment field="disconnectedAt" atMs={instance.disconnectedAtMs} />
      <Moment field="firstSeen" atMs={instance.firstSeenAtMs} />
    </dl>
  );
}

function Moment(props: { readonly field: FieldName; readonly atMs: number | undefined }): VNode | null {
  const { nowMs } = useBoard();
  const { f } = useAllWords();
  const { atMs } = props;
  if (atMs === undefined) return null;
  return (
    <Fact field={props.field}>
      <time dateTime={new Date(atMs).toISOString()}>{f.age(nowMs.value - atMs)}</time>{' '}
      <span class="raw">{f.dateTime(atMs)}</span>
    </Fact>
  );
}

/** Load, memory and disk of its machine. */
function HostLoad({ stats }: { readonly stats: HostStats }): VNode {
  const { t, f } = useAllWords();
  const { cpuCount, loadAverage, memoryFreeBytes, memoryTotalBytes, diskAvailableBytes, diskTotalBytes } =
    stats;
  const words = {
    cpu: loadAverage && `${f.list(loadAverage.map(f.decimal))} · ${t.cpus(cpuCount, f.count(cpuCount))}`,
    memory: t.ofTotal(f.bytes(memoryFreeBytes), f.bytes(memoryTotalBytes)),
    disk: t.ofTotal(f.bytes(diskAvailableBytes ?? 0), f.bytes(diskTotalBytes ?? 0)),
  };
  const names = { cpu: t.hostMeters.load, memory: t.hostMeters.memoryFree, disk: t.hostMeters.diskFree };
  return (
    <Section title={t.detailSections.host}>
      <dl>
        {hostShares(stats).map(({ name, share }) => (
          <div key={name} class="fact">
            <dt>{names[name]}</dt>
            <dd>
              <span>{words[name]}</span>
              <span class="meter" title={t.meterText(t.meters[name], f.percent(share))}>
                <span class="meter-bar" aria-hidden="true">
                  <span
                    class={share >= fullShare ? 'meter-fill full' : 'meter-fill'}
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
