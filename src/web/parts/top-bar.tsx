import type { RefObject, VNode } from 'preact';
import type { Reconnecting } from '../../client/index.ts';
import { rowName } from '../../viewer/index.ts';
import { annotationsOf } from '../format/names.ts';
import type { FirstWords } from '../i18n/words.ts';
import { refresh } from '../state/board.ts';
import { facetNames } from '../state/view-state.ts';
import { useBoard, usePage, useWords } from './context.tsx';
import { Glyph, Menu } from './controls.tsx';
import type { DialogName } from './dialogs.ts';
import { Lazy, lazyParts } from './lazy.tsx';
import { Brand } from './marks.tsx';

/** The sticky bar: whether the list is live, the search, and the menus. */
export function TopBar(props: {
  readonly search: RefObject<HTMLInputElement | null>;
  readonly onDialog: (name: DialogName) => void;
}): VNode {
  const { address } = usePage();
  const board = useBoard();
  const { t } = useWords();
  return (
    <header class="top-bar">
      <div class="bar-line">
        <h1 class="bar-title">
          <Brand />
          <span class="product">{t.title}</span>
        </h1>
        <ConnectionBadge />
        <GatewayPill />
        <SearchField input={props.search} />
        <div class="bar-actions">
          <FiltersButton />
          <ViewButton />
          {board.notices.value?.list.value && <Lazy load={lazyParts.notices} with={{}} />}
          <PauseButton />
          <Menu label={t.more} class="menu-end" button={<Glyph name="more" />}>
            {(close) => (
              <Lazy load={lazyParts.settings} with={{ onClose: close, onDialog: props.onDialog }} />
            )}
          </Menu>
        </div>
      </div>
      <LossNote />
      {address.view.value.atMs !== undefined && <Lazy load={lazyParts.travel} with={{}} />}
    </header>
  );
}

type BadgeState = 'live' | 'paused' | 'lost' | 'connecting' | 'past';

const badgeMarks: Readonly<Record<BadgeState, string>> = {
  live: 'M5 1a4 4 0 1 1 0 8a4 4 0 0 1 0-8',
  paused: 'M2 1.5h2v7H2zM6 1.5h2v7H6z',
  lost: 'M5 .8 9.4 9H.6z',
  connecting: 'M1 4h2v2H1zM4 4h2v2H4zM7 4h2v2H7z',
  past: 'M9 1v8L5.2 5zM5 1v8L1.2 5z',
};

/** Whether the list is live, by word and shape. */
function ConnectionBadge(): VNode {
  const { watch, past } = useBoard();
  const { t } = useWords();
  const { phase } = watch.connection.value;
  const words: Readonly<Record<BadgeState, string>> = {
    live: t.live,
    paused: t.paused,
    lost: t.notLive,
    connecting: t.connecting,
    past: t.travel,
  };
  let state: BadgeState = 'connecting';
  if (phase === 'reconnecting') state = 'lost';
  else if (past.value !== undefined) state = 'past';
  else if (watch.paused.value) state = 'paused';
  else if (watch.roster.value.live && phase === 'connected') state = 'live';
  return (
    <span class={`badge badge-${state}`}>
      <svg class="badge-mark" viewBox="0 0 10 10" aria-hidden="true" focusable="false">
        <path d={badgeMarks[state]} />
      </svg>
      <span class="badge-word">{words[state]}</span>
    </span>
  );
}

/** The gateway that answers; with several it opens a list of their states. */
function GatewayPill(): VNode | null {
  const { watch, gateways, nowMs } = useBoard();
  const { t, f } = useWords();
  const self = watch.roster.value.instances.find((row) => row.self);
  if (self === undefined) return null;
  const upMs = self.firstSeenAtMs === undefined ? undefined : nowMs.value - self.firstSeenAtMs;
  const content = (
    <>
      <span class="pill-name">{annotationsOf(self).name ?? rowName(self)}</span>
      <span class="muted pill-more">
        {[self.version, upMs !== undefined && t.gatewayUp(f.span(upMs))].filter(Boolean).join(' · ')}
      </span>
    </>
  );
  const all = gateways.value?.list.value ?? [];
  const away = all.filter(({ state }) => state !== 'up').length;
  if (all.length < 2) return <span class="pill wide-only">{content}</span>;
  const up = `${f.count(all.length - away)}/${f.count(all.length)}`;
  return (
    <Menu
      class={`pill-menu ${away > 0 ? 'pill-warn' : 'wide-only'}`}
      button={
        <>
          {content}
          <span class="count">{up}</span>
        </>
      }
    >
      <Lazy load={lazyParts.gateways} with={{}} />
    </Menu>
  );
}

function SearchField({ input }: { readonly input: RefObject<HTMLInputElement | null> }): VNode {
  const { address } = usePage();
  const { t } = useWords();
  const { filter } = address.view.value;
  return (
    <search class={filter.text === '' ? 'search' : 'search has-text'} aria-label={t.filter}>
      <label>
        <Glyph name="search" />
        <span class="visually-hidden">{t.filter}</span>
        <input
          ref={input}
          type="search"
          value={filter.text}
          placeholder={t.filterHint}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => address.update({ filter: { ...filter, text: event.currentTarget.value } })}
        />
        <span class="key" aria-hidden="true">
          /
        </span>
      </label>
    </search>
  );
}

function FiltersButton(): VNode {
  const { address } = usePage();
  const { t, f } = useWords();
  const { filter } = address.view.value;
  const chosen = facetNames.reduce((sum, facet) => sum + filter[facet].length, 0);
  const count = chosen > 0 ? f.count(chosen) : undefined;
  const button = (
    <>
      <Glyph name="filter" />
      <span class="button-word">{t.filters}</span> {count !== undefined && <span class="count">{count}</span>}
    </>
  );
  const label = count === undefined ? t.filters : `${t.filters} ${count}`;
  return (
    <Menu class="menu-end filters-menu" label={label} button={button}>
      <Lazy load={lazyParts.filters} with={{}} />
    </Menu>
  );
}

function ViewButton(): VNode {
  const { t } = useWords();
  const button = (
    <>
      <Glyph name="view" />
      <span class="button-word">{t.view}</span>
    </>
  );
  return (
    <Menu class="menu-end" label={t.view} button={button}>
      <Lazy load={lazyParts.view} with={{}} />
    </Menu>
  );
}

function PauseButton(): VNode {
  const { watch } = useBoard();
  const { t } = useWords();
  const paused = watch.paused.value;
  const label = paused ? t.resume : t.pause;
  return (
    <button
      type="button"
      class="button"
      aria-label={label}
      title={label}
      onClick={() => (paused ? watch.resume() : watch.pause())}
    >
      <Glyph name={paused ? 'play' : 'pause'} />
      <span class="button-word">{label}</span>
    </button>
  );
}

/** Shows that the list is not live, since when, and why. */
function LossNote(): VNode | null {
  const board = useBoard();
  const { watch } = board;
  const { t, f } = useWords();
  const connection = watch.connection.value;
  const { asOfMs } = watch.roster.value;
  if (connection.phase !== 'reconnecting') return null;
  return (
    <p class="note note-lost" role="alert">
      {asOfMs !== undefined && <strong class="note-time">{t.asOf(f.timeOfDay(asOfMs))}</strong>}
      <span class="note-text">{lossText(connection, watch.isRestarting.value, t)}</span>
      <button type="button" class="button small" onClick={() => void refresh(board)}>
        {t.tryNow}
      </button>
    </p>
  );
}

function lossText({ code }: Reconnecting, isRestarting: boolean, t: FirstWords): string {
  if (isRestarting) return t.restarting;
  if (code === 'NETWORK') return t.noGateway;
  return code === 'AUTH_RATE_LIMITED' ? t.lockedOut : t.connectionLost;
}
