import { effect } from '@preact/signals';
import { render } from 'preact';
import { PageContext } from './parts/context.tsx';
import attentionIcon from './parts/icon-attention.svg?url';
import lostIcon from './parts/icon-lost.svg?url';
import { Shell } from './parts/shell.tsx';
import { createPage, type Page } from './state/page.ts';

function show(page: Page): void {
  const icon = document.querySelector('link[rel=icon]');
  const liveIcon = icon?.getAttribute('href') ?? '';
  // An unreachable gateway cannot send an icon: they are loaded before.
  for (const icon of [attentionIcon, lostIcon]) new Image().src = icon;
  effect(() => {
    document.documentElement.lang = page.language.code.value;
    document.documentElement.dataset['theme'] = page.preferences.theme.value;
  });
  effect(() => {
    const { title, instances, notLive } = page.language.words.value;
    const board = page.board.value;
    const isLost = board?.watch.connection.value.phase === 'reconnecting';
    const concerns = isLost ? 0 : (board?.survey.value.concerns.length ?? 0);
    const now = isLost ? `⚠ ${notLive} · ` : concerns > 0 ? `(${concerns}) ` : '';
    document.title = `${now}${instances} · ${title}`;
    icon?.setAttribute('href', isLost ? lostIcon : concerns > 0 ? attentionIcon : liveIcon);
  });
  render(
    <PageContext.Provider value={page}>
      <Shell />
    </PageContext.Provider>,
    document.body,
  );
}

void createPage(window).then(show);
