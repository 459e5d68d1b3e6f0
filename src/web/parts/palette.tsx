import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import {
  type PresenceState,
  presenceStateOf,
  presenceStates,
  rowName,
  sortKeys,
} from '../../viewer/index.ts';
import { modeText } from '../i18n/words.ts';
import { refresh } from '../state/board.ts';
import { groupings, noFilter } from '../state/view-state.ts';
import { useAllWords, useBoard, usePage } from './context.tsx';
import type { WithDialogs } from './dialogs.ts';
import { Dialog } from './forms.tsx';
import { StateMark } from './marks.tsx';

/** An item of the palette. */
interface Offer {
  readonly id: string;
  readonly group: 'instances' | 'commands' | 'views';
  readonly text: string;
  /** Text at the end of the line; the name of its group by default. */
  readonly note?: string | undefined;
  /** More texts that are searched. */
  readonly also?: string;
  readonly state?: PresenceState;
  readonly run: () => void;
}

const mostOffers = 12;

/** Goes to an instance or carries out a command by name. */
export function Palette(props: WithDialogs): VNode {
  const { t } = useAllWords();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const offers = useOffers(props.onDialog);
  const found = useMemo(() => search(offers, text), [offers, text]);
  const current = found[Math.min(at, found.length - 1)];
  const run = (offer: Offer | undefined): void => {
    if (offer === undefined) return;
    props.onClose();
    offer.run();
  };
  const press = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by !== undefined)
      setAt((found.length + Math.min(at, found.length - 1) + by) % Math.max(1, found.length));
    else if (event.key === 'Enter') run(current);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t.palette} class="palette" onClose={props.onClose}>
      <input
        type="text"
        role="combobox"
        aria-label={t.paletteHint}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={current && `palette-${current.id}`}
        placeholder={t.paletteHint}
        autocomplete="off"
        spellcheck={false}
        autofocus
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id="palette-list" class="palette-list" role="listbox" aria-label={t.palette}>
        {found.map((offer, index) => (
          <div
            key={offer.id}
            id={`palette-${offer.id}`}
            class="palette-offer"
            role="option"
            aria-selected={offer === current}
            onPointerMove={() => setAt(index)}
            onClick={() => run(offer)}
          >
            {offer.state === undefined ? <span class="palette-gap" /> : <StateMark state={offer.state} />}
            <span class="line">{offer.text}</span>
            <span class="muted">{offer.note ?? t.paletteGroups[offer.group]}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p class="muted palette-empty" role="status">
          {t.paletteEmpty}
        </p>
      )}
    </Dialog>
  );
}

/** Everything that can be gone to or done now; made once, when the palette opens. */
function useOffers(onDialog: WithDialogs['onDialog']): readonly Offer[] {
  const { address, preferences, session } = usePage();
  const board = useBoard();
  const { t } = useAllWords();
  return useMemo(() => {
    const now = board.nowMs.peek();
    const command = (id: string, text: string, run: () => void): Offer => ({
      id,
      group: 'commands',
      text,
      run,
    });
    const { watch } = board;
    return [
      ...board.instances.peek().map(
        (row): Offer => ({
          id: `i-${row.key.replaceAll(/\s/g, '_')}`,
          group: 'instances',
          text: rowName(row) ?? t.unnamed,
          note: row.mode === undefined ? row.ip : modeText(row.mode, t),
          also: [row.host, row.ip, row.mode, row.key].join(' '),
          state: presenceStateOf(row, now),
          run: () => address.update({ instance: row.key, timeline: undefined }),
        }),
      ),
      ...preferences.savedViews.peek().map(
        ({ name, query }): Offer => ({
          id: `v-${name.replaceAll(/\s/g, '_')}`,
          group: 'views',
          text: name,
          run: () => address.open(query),
        }),
      ),
      command('timeline', t.timeline, () => address.update({ timeline: true, instance: undefined })),
      command('pause', watch.paused.peek() ? t.resume : t.pause, () =>
        watch.paused.peek() ? watch.resume() : watch.pause(),
      ),
      command('refresh', t.shortcuts.refresh, () => void refresh(board)),
      command('clear', t.clearFilters, () => address.update({ filter: noFilter })),
      ...presenceStates.map((state) =>
        command(`s-${state}`, t.showState(t.states[state]), () =>
          address.update({ filter: { ...noFilter, state: [state] } }),
        ),
      ),
      ...groupings.map((grouping) =>
        command(`g-${grouping}`, `${t.groupBy}: ${t.groups[grouping]}`, () => address.update({ grouping })),
      ),
      ...sortKeys.map((sort) =>
        command(`o-${sort}`, `${t.sortBy}: ${t.sorts[sort]}`, () =>
          address.update({ sort, descending: false }),
        ),
      ),
      ...(['light', 'dark', 'system'] as const).map((theme) =>
        command(`t-${theme}`, `${t.theme}: ${t.themes[theme]}`, () => {
          preferences.theme.value = theme;
        }),
      ),
      { ...command('phone', t.phone, () => onDialog('phone')), also: '--qr' },
      command('help', t.help, () => onDialog('help')),
      command('sign-out', t.signOut, () => session.signOut()),
    ];
  }, []);
}

/** Items in which every word occurs; those that begin with the text first. */
function search(offers: readonly Offer[], text: string): readonly Offer[] {
  const wanted = text.trim().toLowerCase();
  const words = wanted.split(/\s+/).filter(Boolean);
  if (words.length === 0) return offers.filter(({ group }) => group !== 'instances').slice(0, mostOffers);
  const fits = offers.filter((offer) => {
    const all = `${offer.text} ${offer.also ?? ''}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
  const begins = (offer: Offer): number => (offer.text.toLowerCase().startsWith(wanted) ? 0 : 1);
  return fits.sort((a, b) => begins(a) - begins(b)).slice(0, mostOffers);
}
