import type { VNode } from 'preact';
import { sortKeys } from '../../viewer/index.ts';
import { densities } from '../state/storage.ts';
import { groupings, writeViewState } from '../state/view-state.ts';
import { useAllWords, usePage } from './context.tsx';
import { Glyph } from './controls.tsx';
import { Choice, IconButton, LaterGlyph, Switch } from './forms.tsx';
import { optionalColumns } from './list/columns.ts';

/** Settings of the list: order, groups, density, columns, and saved views. */
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
