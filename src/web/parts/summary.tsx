import type { ComponentChildren, VNode } from 'preact';
import type { Instance } from '../../client/index.ts';
import { type Attention, rowName } from '../../viewer/index.ts';
import type { Formats } from '../format/formats.ts';
import type { FirstWords } from '../i18n/words.ts';
import type { Concern } from '../state/attention.ts';
import { noFilter } from '../state/view-state.ts';
import { useBoard, usePage, useWords } from './context.tsx';

/** The four counts: online, just left, without recent updates, in need of attention. Each is a link to the rows that it counts. */
export function Summary(): VNode {
  const { survey, nowMs, instances } = useBoard();
  const { address } = usePage();
  const { t, f } = useWords();
  const { total, online, left, quiet, concerns } = survey.value;
  const isKnown = instances.value.length > 0;
  const show = (state: readonly string[]) => (): void => address.update({ filter: { ...noFilter, state } });
  const ages = (rows: readonly Instance[], since: (row: Instance) => number): string =>
    listOf(rows, (row) => `${rowName(row) ?? t.unnamed} ${f.span(nowMs.value - since(row))}`, t, f);
  return (
    <section class="summary" aria-label={t.summary}>
      <Card
        name="online"
        title={t.cards.online}
        value={isKnown ? f.count(online) : '–'}
        onPress={show(['online', 'reporting'])}
      >
        {isKnown && t.ofAll(f.count(total))}
      </Card>
      <Card
        name="left"
        title={t.cards.left}
        value={isKnown ? f.count(left.length) : '–'}
        isAlarming={left.length > 0}
        onPress={show(['disconnected'])}
      >
        {left.length === 0 ? isKnown && t.nobody.left : ages(left, (row) => row.disconnectedAtMs ?? row.ts)}
      </Card>
      <Card
        name="quiet"
        title={t.cards.quiet}
        value={isKnown ? f.count(quiet.length) : '–'}
        onPress={show(['idle', 'stale', 'unreachable'])}
      >
        {quiet.length === 0
          ? isKnown && t.nobody.quiet
          : ages(quiet, (row) => row.unreachableSinceMs ?? row.ts)}
      </Card>
      <Card
        name="attention"
        title={t.cards.attention}
        value={isKnown ? f.count(concerns.length) : '–'}
        onPress={() => address.update({ filter: noFilter, grouping: 'sections' })}
      >
        {concerns.length === 0
          ? isKnown && t.nobody.attention
          : listOf(concerns, (concern) => concernText(concern, t, f), t, f)}
      </Card>
    </section>
  );
}

function Card(props: {
  readonly name: string;
  readonly title: string;
  readonly value: string;
  readonly isAlarming?: boolean;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
}): VNode {
  const { name, title, value, isAlarming, onPress, children } = props;
  return (
    <button type="button" class={`card-${name} sum-card${isAlarming ? ' alarming' : ''}`} onClick={onPress}>
      <span class="sum-title">{title}</span>
      <span class="sum-line">
        <strong class="sum-value">{value}</strong> <span class="sum-text">{children}</span>
      </span>
    </button>
  );
}

/** The first few, then how many more. */
function listOf<Item>(
  items: readonly Item[],
  text: (item: Item) => string,
  t: FirstWords,
  f: Formats,
): string {
  const shown = items.slice(0, 3).map(text);
  return [...shown, ...(items.length > 3 ? [t.andMore(f.count(items.length - 3))] : [])].join(' · ');
}

function concernText({ instance, attention }: Concern, t: FirstWords, f: Formats): string {
  return `${rowName(instance) ?? t.unnamed}: ${attentionText(attention, t, f)}`;
}

/** Why a row needs attention, in words. */
export function attentionText(attention: Attention, t: FirstWords, f: Formats): string {
  if (attention.why === 'flapping') return t.leftTimes(attention.leaves, f.count(attention.leaves));
  if (attention.why === 'load') {
    return t.meterText(t.meters[attention.share.name], f.percent(attention.share.share));
  }
  return t.states[attention.why];
}
