import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import type { Instance } from '../../../client/index.ts';
import { presenceStateOf, presenceStates, rowName } from '../../../viewer/index.ts';
import { annotationsOf, gatewaysOf, isNode } from '../../format/names.ts';
import { type FirstWords, modeText } from '../../i18n/words.ts';
import type { MachineItem, RowItem, SectionItem } from '../../state/sections.ts';
import { writeViewState } from '../../state/view-state.ts';
import { useBoard, usePage, useWords } from '../context.tsx';
import { Glyph } from '../controls.tsx';
import { AgeText, InputText, StateText } from './cells.tsx';
import type { ColumnName } from './columns.ts';
import { Line, type LineProps, type RowParts } from './line.tsx';

function Twist({ open }: { readonly open: boolean }): VNode {
  return (
    <span class={open ? 'twist open' : 'twist'}>
      <Glyph name="chevron" />
    </span>
  );
}

/** The name of a section. */
export function SectionRow({
  item,
  index,
  sections,
  isTabStop,
}: LineProps & { readonly item: SectionItem }): VNode {
  const { t, f } = useWords();
  const { section, count, open, key } = item;
  return (
    <Line
      id={key}
      index={index}
      sections={sections}
      isTabStop={isTabStop}
      class={`section-row section-${section}`}
      level={1}
      expanded={open}
    >
      <div class="cell cell-whole" role="gridcell">
        <Twist open={open} />
        <span class="section-name">{sectionText(section, t)}</span>
        <span class="count">{f.count(count)}</span>
      </div>
    </Line>
  );
}

function sectionText(section: string, t: FirstWords): string {
  const [kind = '', ...rest] = section.split(' ');
  const word = rest.join(' ');
  if (kind === 'owner') return t.ofOwner(word);
  if (kind === 'mode') return word === '' ? t.noMode : modeText(word, t);
  if (kind === 'gateway') return word === '' ? t.noGatewayName : word;
  return t.sections[kind as keyof FirstWords['sections']];
}

/** An instance. */
export function InstanceRow(
  props: LineProps &
    Pick<RowItem, 'instance' | 'gone'> & {
      /** Undefined in a plain list. */
      readonly level: number | undefined;
      /** True below the line of its computer. */
      readonly nested: boolean;
      readonly isOpen: boolean;
    },
): VNode {
  const { instance, gone, level, nested, isOpen, columns, parts, index, sections, isTabStop } = props;
  const { t } = useWords();
  const classes = [gone && 'gone', nested && 'nested', instance.self && 'pinned'].filter(Boolean).join(' ');
  return (
    <Line
      id={instance.key}
      index={index}
      sections={sections}
      isTabStop={isTabStop}
      class={classes}
      level={level}
      selected={isOpen}
    >
      <Cells
        columns={columns}
        parts={parts}
        instance={instance}
        state={gone ? <span class="muted">{t.gone}</span> : undefined}
      >
        <NameLine instance={instance} />
      </Cells>
    </Line>
  );
}

/** A computer with several instances in one line: the best of their states, all of their kinds. */
export function MachineRow({
  item,
  columns,
  parts,
  index,
  sections,
  isTabStop,
}: LineProps & { readonly item: MachineItem }): VNode | null {
  const { nowMs } = useBoard();
  const { t, f } = useWords();
  const { members, open, key, level } = item;
  const now = nowMs.value;
  const rank = (row: Instance): number => presenceStates.indexOf(presenceStateOf(row, now));
  const [best] = [...members].sort((a, b) => rank(a) - rank(b) || b.ts - a.ts);
  if (best === undefined) return null;
  // Devices that a person uses come first.
  const byKind = [...members].sort((a, b) => Number(isNode(a)) - Number(isNode(b)));
  const kinds = f.list([...new Set(byKind.flatMap((member) => kindOf(member, t, parts) ?? []))]);
  const inputs = members.filter(({ lastInputSeconds }) => lastInputSeconds !== undefined);
  const [input] = inputs.sort(
    (a, b) => b.ts - (b.lastInputSeconds ?? 0) * 1_000 - (a.ts - (a.lastInputSeconds ?? 0) * 1_000),
  );
  return (
    <Line
      id={key}
      index={index}
      sections={sections}
      isTabStop={isTabStop}
      class="machine-row"
      level={level}
      expanded={open}
    >
      <Cells columns={columns} parts={parts} instance={best} kinds={kinds} input={input}>
        <span class="first">
          <span class="name">{rowName(best) ?? t.unnamed}</span>
          <span class="tag machine-tag">
            {t.apps(members.length, f.count(members.length))}
            <Twist open={open} />
          </span>
        </span>
      </Cells>
    </Line>
  );
}

/** The cells of a row, in the columns that are shown. */
function Cells(props: {
  readonly columns: readonly ColumnName[];
  readonly parts: RowParts | undefined;
  readonly instance: Instance;
  readonly kinds?: string;
  readonly input?: Instance | undefined;
  /** Shown in the column of the state. */
  readonly state?: VNode | undefined;
  /** The name. */
  readonly children: ComponentChildren;
}): VNode {
  const { instance, kinds, input = instance, state, parts } = props;
  const { t } = useWords();
  const contents: Readonly<Record<ColumnName, () => ComponentChildren>> = {
    instance: () => (
      <>
        <span class="tile">{parts && <parts.DeviceIcon kind={parts.deviceKind(instance)} />}</span>
        {props.children}
      </>
    ),
    state: () => state ?? <StateText instance={instance} />,
    hour: () => parts && <parts.HourStrip instance={instance} />,
    where: () => <span class="line mono">{instance.ip}</span>,
    machine: () => <span class="line">{parts?.machineText(instance)}</span>,
    kind: () => (
      <span class="line" title={instance.mode}>
        {kinds ?? kindOf(instance, t, parts)}
      </span>
    ),
    version: () => <span class="line">{instance.version}</span>,
    gateway: () => <span class="line">{gatewaysOf(instance).join(', ')}</span>,
    input: () => <InputText instance={input} />,
    updated: () => (
      <span class="line">
        <AgeText instance={instance} />
      </span>
    ),
  };
  return (
    <>
      {props.columns.map((name) => (
        <div key={name} class={`cell cell-${name}`} role="gridcell">
          {contents[name]()}
        </div>
      ))}
    </>
  );
}

const mobileKinds: ReadonlySet<string> = new Set(['iphone', 'ipad', 'android']);

/** The kind of a row for people: an app on a phone is no desktop app. */
function kindOf(row: Instance, t: FirstWords, parts: RowParts | undefined): string | undefined {
  if (row.mode === undefined) return undefined;
  if (row.mode !== 'ui') return modeText(row.mode, t);
  return parts && (mobileKinds.has(parts.deviceKind(row)) ? t.modes.mobile : modeText(row.mode, t));
}

/** A row is new for so long. */
const newMs = 300_000;

/** The name is a link to the details, whose address can be copied and opened elsewhere. */
function NameLine({ instance }: { readonly instance: Instance }): VNode {
  const { address, ownInstanceId } = usePage();
  const { nowMs, gatewaySinceMs } = useBoard();
  const { t, f } = useWords();
  const { key, connections = 0, firstSeenAtMs = 0 } = instance;
  const href = writeViewState({ ...address.view.value, instance: key });
  const annotations = annotationsOf(instance);
  const isNew = isRecent(instance, nowMs, gatewaySinceMs.value);
  return (
    <span class="first">
      <a class="name" href={href} tabIndex={-1}>
        {rowName(instance) ?? t.unnamed}
      </a>
      {annotations.name !== undefined &&
        instance.host !== undefined &&
        annotations.name !== instance.host && <span class="line muted also">{instance.host}</span>}
      {annotations.pin && <Glyph name="pin" />}
      {annotations.mute && <Glyph name="mute" />}
      {instance.self && <span class="tag">{t.pinnedGateway}</span>}
      {instance.instanceId === ownInstanceId && <span class="tag">{t.thisPage}</span>}
      {isNew && firstSeenAtMs > 0 && <span class="tag new">{t.isNew}</span>}
      {connections > 1 && (
        <span class="tag" title={t.connections(connections, f.count(connections))}>
          {`×${f.count(connections)}`}
          <span class="visually-hidden">{t.connections(connections, f.count(connections))}</span>
        </span>
      )}
      {annotations.labels?.map((label) => (
        <span key={label} class="tag">
          {label}
        </span>
      ))}
    </span>
  );
}

/** No row is marked as new while all are, because the gateway has just started. */
function isRecent(row: Instance, nowMs: ReadonlySignal<number>, gatewayMs: number | undefined): boolean {
  if (row.self || row.firstSeenAtMs === undefined || gatewayMs === undefined) return false;
  // Read before the clock: most rows are as old as the gateway, and need no update with each tick.
  return row.firstSeenAtMs - gatewayMs > newMs && nowMs.value - row.firstSeenAtMs < newMs;
}
