import { type Signal, useComputed } from '@preact/signals';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { type PresenceState, sortKeys } from '../../viewer/index.ts';
import { isLanguageCode, languageCodes, languages } from '../i18n/languages.ts';
import { desktopOf } from '../state/desktop.ts';
import { type FacetWord, facetsOf } from '../state/facets.ts';
import { downloadText, instancesCsv, instancesJson } from '../state/instance-table.ts';
import { createOperations } from '../state/operations.ts';
import { densities, themes } from '../state/storage.ts';
import {
  type FacetName,
  facetNames,
  groupings,
  isNoFilter,
  noFilter,
  toggledFacet,
  writeViewState,
} from '../state/view-state.ts';
import { useAllWords, useBoard, usePage } from './context.tsx';
import { Glyph } from './controls.tsx';
import type { WithDialogs } from './dialogs.ts';
import { Choice, IconButton, LaterGlyph, Switch } from './forms.tsx';
import { optionalColumns } from './list/columns.ts';
import { facetText, StateMark } from './marks.tsx';

/** The values that rows can be chosen by, each with the number of rows that it would show; one without any cannot be chosen. */
export function FilterMenu(): VNode {
  const { address } = usePage();
  const { list } = useBoard();
  const { t } = useAllWords();
  const facets = useComputed(() => facetsOf(list.ordered.value, list.choice.value)).value;
  const offered = facetNames.filter((facet) => facets[facet].length > (facet === 'gateway' ? 1 : 0));
  return (
    <div class="filters">
      {offered.map((facet) => (
        <Facet key={facet} facet={facet} words={facets[facet]} />
      ))}
      {!isNoFilter(address.view.value.filter) && (
        <button type="button" class="button small clear" onClick={() => address.update({ filter: noFilter })}>
          {t.clearFilters}
        </button>
      )}
    </div>
  );
}

function Facet(props: { readonly facet: FacetName; readonly words: readonly FacetWord[] }): VNode {
  const { address } = usePage();
  const { t, f } = useAllWords();
  const { facet, words } = props;
  const id = `facet-${facet}`;
  // States have an order of their own; everything else is in the order of its words, as they are read.
  const inOrder = (all: readonly FacetWord[]): readonly FacetWord[] =>
    facet === 'state'
      ? all
      : all.toSorted((a, b) => f.collator.compare(facetText(facet, a.word, t), facetText(facet, b.word, t)));
  const choose = (word: string): void =>
    address.update({ filter: toggledFacet(address.view.peek().filter, facet, word) });
  return (
    <fieldset class="facet" aria-labelledby={id}>
      <span class="facet-name" id={id}>
        {t.facets[facet]}
      </span>
      {inOrder(words).map(({ word, count, chosen }) => (
        <button
          key={word}
          type="button"
          class="chip"
          aria-pressed={chosen}
          disabled={count === 0 && !chosen}
          title={word}
          onClick={() => choose(word)}
        >
          {facet === 'state' && <StateMark state={word as PresenceState} />}
          {facetText(facet, word, t)}
          <span class="chip-count">{f.count(count)}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** How the list looks: order, groups, room of a row, columns, and views with a name. */
export function ViewMenu(): VNode {
  const { address, preferences } = usePage();
  const { t } = useAllWords();
  const { sort, descending, grouping } = address.view.value;
  const hidden = preferences.hiddenColumns.value;
  const direction = descending ? t.sortDescending : t.sortAscending;
  return (
    <div class="settings">
      <Choice
        label={t.groupBy}
        value={grouping}
        words={groupings}
        text={(word) => t.groups[word]}
        onChoose={(word) => address.update({ grouping: word })}
      />
      <div class="setting-pair">
        <Choice
          label={t.sortBy}
          value={sort}
          words={sortKeys}
          text={(word) => t.sorts[word]}
          onChoose={(word) => address.update({ sort: word, descending: false })}
        />
        <IconButton
          label={direction}
          glyph={<Glyph name={descending ? 'descending' : 'ascending'} />}
          onClick={() => address.update({ descending: !descending })}
        />
      </div>
      <Choice
        label={t.density}
        value={preferences.density.value}
        words={densities}
        text={(word) => t.densities[word]}
        onChoose={(word) => {
          preferences.density.value = word;
        }}
      />
      <fieldset class="column-choice">
        <legend class="facet-name">{t.columnsShown}</legend>
        {optionalColumns.map((name) => (
          <Switch
            key={name}
            checked={!hidden.includes(name)}
            onSwitch={({ checked }) => {
              const others = hidden.filter((other) => other !== name);
              preferences.hiddenColumns.value = checked ? others : [...others, name];
            }}
          >
            {t.columns[name]}
          </Switch>
        ))}
      </fieldset>
      <SavedViews />
    </div>
  );
}

function SavedViews(): VNode {
  const { address, preferences } = usePage();
  const { t } = useAllWords();
  const views = preferences.savedViews.value;
  const save = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const name = String(new FormData(form).get('name') ?? '').trim();
    if (name === '') return;
    const { language: _, instance: __, timeline: ___, ...view } = address.view.peek();
    const others = views.filter((other) => other.name !== name);
    preferences.savedViews.value = [...others, { name, query: writeViewState(view) }];
    form.reset();
  };
  return (
    <fieldset class="saved-views">
      <legend class="facet-name">{t.savedViews}</legend>
      {views.map(({ name, query }) => (
        <div key={name} class="saved-view">
          <button type="button" class="button plain" onClick={() => address.open(query)}>
            {name}
          </button>
          <IconButton
            label={t.deleteView(name)}
            glyph={<LaterGlyph name="close" />}
            onClick={() => {
              preferences.savedViews.value = views.filter((other) => other.name !== name);
            }}
          />
        </div>
      ))}
      <form class="save-view" onSubmit={save}>
        <input
          name="name"
          type="text"
          aria-label={t.viewName}
          placeholder={t.saveView}
          maxLength={60}
          autocomplete="off"
        />
        <button type="submit" class="button small">
          {t.save}
        </button>
      </form>
    </fieldset>
  );
}

/** What can be done with the page as a whole, and its settings. */
export function MoreMenu(props: WithDialogs): VNode {
  const { session, address, preferences } = usePage();
  const { client, list, memory, notices, nowMs } = useBoard();
  const hasNotices = notices.value?.list.value !== undefined;
  const { t } = useAllWords();
  const save = (kind: 'csv' | 'json', type: string, write: typeof instancesCsv): void => {
    const now = nowMs.peek();
    const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
    downloadText({
      name: `instances-${stamp}.${kind}`,
      type,
      text: write(list.selected.peek(), now),
    });
    props.onClose();
  };
  // Ten minutes, or as far as the journal goes.
  const goBack = (): void => {
    const sinceMs = memory.peek()?.history.sinceMs.peek() ?? 0;
    address.update({ atMs: Math.ceil(Math.max(sinceMs, nowMs.peek() - 600_000)) });
  };
  const then = (work: () => void) => (): void => {
    work();
    props.onClose();
  };
  return (
    <div class="settings">
      <div class="menu-items">
        <Item
          text={t.timeline}
          onPress={then(() => address.update({ timeline: true, instance: undefined }))}
        />
        {createOperations(client).may('presence.journal') && <Item text={t.travel} onPress={then(goBack)} />}
        <Item text={t.exportCsv} onPress={() => save('csv', 'text/csv', instancesCsv)} />
        <Item text={t.exportJson} onPress={() => save('json', 'application/json', instancesJson)} />
        <Item text={t.phone} onPress={then(() => props.onDialog('phone'))} />
        <Item text={t.help} onPress={then(() => props.onDialog('help'))} />
      </div>
      <LanguageChoice />
      <Choice
        label={t.theme}
        value={preferences.theme.value}
        words={themes}
        text={(word) => t.themes[word]}
        onChoose={(word) => {
          preferences.theme.value = word;
        }}
      />
      <NotifyChoice wanted={preferences.notifyNodes}>{t.notifyNodes}</NotifyChoice>
      {hasNotices && <NotifyChoice wanted={preferences.notifyNotices}>{t.notifyNotices}</NotifyChoice>}
      <Switch
        checked={preferences.shortcuts.value}
        onSwitch={({ checked }) => {
          preferences.shortcuts.value = checked;
        }}
      >
        {t.shortcutsOn}
      </Switch>
      <button type="button" class="button" onClick={() => session.signOut()}>
        {t.signOut}
      </button>
    </div>
  );
}

function Item(props: { readonly text: string; readonly onPress: () => void }): VNode {
  return (
    <button type="button" class="button plain" onClick={props.onPress}>
      {props.text}
    </button>
  );
}

/** A browser that forbids notifications is told of where the switch is, not only to who listens. */
function NotifyChoice(props: { readonly wanted: Signal<boolean>; readonly children: string }): VNode {
  const { t } = useAllWords();
  const [isDenied, setDenied] = useState(false);
  const { wanted, children } = props;
  const choose = async (box: HTMLInputElement): Promise<void> => {
    const isWanted = box.checked;
    const allowed = isWanted && (await desktopOf(window).allow());
    setDenied(isWanted && !allowed);
    box.checked = allowed;
    wanted.value = allowed;
  };
  return (
    <div>
      <Switch checked={wanted.value} onSwitch={(box) => void choose(box)}>
        {children}
      </Switch>
      {isDenied && (
        <p class="problem" role="alert">
          {t.notifyDenied}
        </p>
      )}
    </div>
  );
}

/** Switches the language; every name is in its own language. */
export function LanguageChoice(): VNode {
  const page = usePage();
  const { t } = useAllWords();
  return (
    <Choice
      label={t.language}
      value={page.language.code.value}
      words={languageCodes}
      text={(code) => languages[code].name}
      langOf={(code) => code}
      onChoose={(code) => isLanguageCode(code) && page.useLanguage(code)}
    />
  );
}

/** How each gateway stands that the roster is made of. */
export function GatewayMenu(): VNode {
  const { gateways, nowMs } = useBoard();
  const { address } = usePage();
  const { t, f } = useAllWords();
  return (
    <section class="gateways" aria-label={t.gatewaysTitle}>
      <ul>
        {gateways.value?.list.value.map(
          ({ name, state, rows, version, lastHeardAtMs, problem, latencyMs }) => (
            <li key={name} class={`gateway gateway-${state}`}>
              <button
                type="button"
                class="link"
                onClick={() => address.update({ filter: { ...noFilter, gateway: [name] } })}
              >
                {name}
              </button>
              <span class="status">
                <StateMark
                  state={state === 'up' ? 'online' : state === 'connecting' ? 'idle' : 'unreachable'}
                />
                {t.gatewayStates[state]}
              </span>
              <span class="muted gateway-more">
                {[
                  rows !== undefined && t.gatewayRows(rows, f.count(rows)),
                  version,
                  latencyMs !== undefined && f.milliseconds(latencyMs),
                  lastHeardAtMs !== undefined && t.gatewayHeard(f.age(nowMs.value - lastHeardAtMs)),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              {problem !== undefined && (
                <span class="problem">{[problem.message, problem.whatToDo].filter(Boolean).join('. ')}</span>
              )}
            </li>
          ),
        )}
      </ul>
    </section>
  );
}
