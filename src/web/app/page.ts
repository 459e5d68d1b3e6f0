import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { createPresenceClient, type InstanceChange } from '../../client/index.ts';
import { createLanguage, type Language } from '../i18n/language.ts';
import { bestLanguage, isLanguageCode, type LanguageCode } from '../i18n/language-code.ts';
import { type Announcer, createAnnouncer } from '../notify/announcer.ts';
import { arrivalsText } from '../notify/arrivals-text.ts';
import { browserDesktop, type Desktop } from '../notify/desktop.ts';
import { nodeNews } from '../notify/node-news.ts';
import { createKeptSecret, takeSecretFromAddress } from '../signin/kept-secret.ts';
import { createSession, type Session } from '../signin/session.ts';
import { type Board, createBoard } from './board.ts';
import { gatewayAddress } from './gateway-address.ts';
import { storedValues } from './key-values.ts';
import { ownInstance } from './own-instance.ts';
import { createPreferences, type Preferences } from './preferences.ts';
import { createViewAddress, type ViewAddress } from './view-address.ts';

/** The whole page without its looks. */
export interface Page {
  readonly language: Language;
  readonly preferences: Preferences;
  readonly address: ViewAddress;
  readonly session: Session;
  /** There while somebody is signed in. */
  readonly board: ReadonlySignal<Board | undefined>;
  readonly announcer: Announcer;
  readonly desktop: Desktop;
  /** Address of the gateway, for commands that people copy. */
  readonly gatewayUrl: string;
  /** instanceId of this page. */
  readonly ownInstanceId: string;
  useLanguage(code: LanguageCode): void;
}

/** Builds everything from a window; the one place where parts meet. Resolves when the language is there. */
export async function createPage(window: Window & typeof globalThis): Promise<Page> {
  const { navigator, location } = window;
  const kept = storedValues(() => window.localStorage);
  const tab = storedValues(() => window.sessionStorage);
  const gatewayUrl = gatewayAddress(location.href);
  const client = ownInstance(navigator.userAgent, kept);
  const secret = createKeptSecret({ tab, browser: kept });
  const given = takeSecretFromAddress(window);
  const address = createViewAddress(window);
  const language = createLanguage(navigator.languages);
  const preferences = createPreferences(kept);
  const announcer = createAnnouncer({
    compose: (arrivals) => arrivalsText(arrivals, language.messages.peek(), language.formats.peek()),
  });
  const desktop = browserDesktop(window.Notification, new URL('icon-192.png', location.href).href);
  const session = createSession({
    kept: secret,
    connect: (word) =>
      createPresenceClient({
        url: gatewayUrl,
        client,
        ...(word !== undefined && { token: word, password: word }),
      }),
  });
  const notify = (change: InstanceChange): void => {
    const news = preferences.notifyNodes.peek() ? nodeNews(change) : undefined;
    if (news === undefined) return;
    const t = language.messages.peek();
    const name = news.name ?? t.unnamed;
    desktop.show(news.what === 'connected' ? t.nodeConnected(name) : t.nodeGone(name), news.key);
  };
  const collator = computed(() => language.formats.value.collator);
  const board = signal<Board | undefined>(undefined);
  effect(() => {
    const state = session.state.value;
    const client = state.phase === 'signed-in' ? state.client : undefined;
    if (client === board.peek()?.client) return;
    board.peek()?.close();
    board.value =
      client &&
      createBoard({
        client,
        view: address.view,
        collator,
        onChange: (change) => {
          announcer.change(change);
          notify(change);
        },
      });
  });

  const wanted = address.view.peek().language ?? kept.get('language');
  await language.use(isLanguageCode(wanted) ? wanted : bestLanguage(navigator.languages));
  if (given === undefined) session.resume();
  else session.signIn(given, false);
  return {
    language,
    preferences,
    address,
    session,
    board,
    announcer,
    desktop,
    gatewayUrl,
    ownInstanceId: client.instanceId,
    useLanguage(code) {
      kept.set('language', code);
      if (address.view.peek().language !== undefined) address.update({ language: code });
      void language.use(code);
    },
  };
}
