import { effect } from '@preact/signals';
import { render } from 'preact';
import { createPage, type Page } from './page.ts';
import { PageContext } from './page-context.tsx';
import { Shell } from './shell.tsx';

function show(page: Page): void {
  effect(() => {
    document.documentElement.lang = page.language.code.value;
    document.documentElement.dataset['theme'] = page.preferences.theme.value;
    document.title = `${page.language.messages.value.instances} · ${page.language.messages.value.title}`;
  });
  render(
    <PageContext.Provider value={page}>
      <Shell />
    </PageContext.Provider>,
    document.body,
  );
}

void createPage(window).then(show);
