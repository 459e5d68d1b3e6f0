import { effect } from '@preact/signals';
import { render } from 'preact';
import lostIcon from '../icons/icon-lost.svg?url';
import { createPage, type Page } from './page.ts';
import { PageContext } from './page-context.tsx';
import { Shell } from './shell.tsx';

function show(page: Page): void {
  const icon = document.querySelector('link[rel=icon]');
  const liveIcon = icon?.getAttribute('href') ?? '';
  // A gateway that is away cannot send a picture: it is loaded before.
  new Image().src = lostIcon;
  effect(() => {
    const { messages, code } = page.language;
    document.documentElement.lang = code.value;
    document.documentElement.dataset['theme'] = page.preferences.theme.value;
    const { title, instances, reconnecting } = messages.value;
    const isLost = page.board.value?.watch.connection.value.phase === 'reconnecting';
    document.title = `${isLost ? reconnecting : instances} · ${title}`;
    icon?.setAttribute('href', isLost ? lostIcon : liveIcon);
  });
  render(
    <PageContext.Provider value={page}>
      <Shell />
    </PageContext.Provider>,
    document.body,
  );
}

void createPage(window).then(show);
