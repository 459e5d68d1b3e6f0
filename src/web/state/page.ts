import { effect, type ReadonlySignal, signal } from '@preact/signals';
import { createPresenceClient, type InstanceChange } from '../../client/index.ts';
import type { NoticeMessage } from '../../sinks/notices/notice.ts';
import { createLanguage, type Language } from '../i18n/language.ts';
import { bestLanguage, isLanguageCode, type LanguageCode } from '../i18n/languages.ts';
import { type Announcer, createAnnouncer } from './announcer.ts';
import { type Board, createBoard } from './board.ts';
import type { News } from './news.ts';
import { ownInstance } from './own-instance.ts';
import { createSession, type Session } from './session.ts';
import { createPreferences, type Preferences, storedValues } from './storage.ts';
import { createStoredSecret, type StoredSecret, takeSecretFromAddress } from './stored-secret.ts';
import { createViewAddress, type ViewAddress } from './view-state.ts';

/** The state of the whole page, without its components. */
export interface Page {
  readonly language: Language;
  readonly preferences: Preferences;
  readonly address: ViewAddress;
  readonly session: Session;
  /** Present while somebody is signed in. */
  readonly board: ReadonlySignal<Board | undefined>;
  readonly announcer: Announcer;
  /** Address of the gateway, for commands that people copy. */
  readonly gatewayUrl: string;
  /** The stored secret with which the person signed in. */
  readonly secret: Pick<StoredSecret, 'get'>;
  /** instanceId of this page. */
  readonly ownInstanceId: string;
  useLanguage(code: LanguageCode): void;
}

/** Builds all parts from a window and connects them. Resolves when the language is loaded. */
export async function createPage(window: Window & typeof globalThis): Promise<Page> {
  const { navigator, location } = window;
  const kept = storedValues(() => window.localStorage);
  const tab = storedValues(() => window.sessionStorage);
  const gatewayUrl = gatewayAddress(location.href);
  const client = ownInstance(navigator.userAgent, kept);
  const secret = createStoredSecret({ tab, browser: kept });
  // Stored before the first await: it is no longer in the address, so a reload meanwhile would lose it.
  const given = takeSecretFromAddress(window);
  if (given !== undefined) secret.set(given, false);
  const address = createViewAddress(window);
  const wanted = address.view.peek().language ?? kept.get('language');
  const first = isLanguageCode(wanted) ? wanted : bestLanguage(navigator.languages);
  const language = await createLanguage(first, navigator.languages);
  effect(() => {
    const { language: code } = address.view.value;
    if (code !== undefined) void language.use(code);
  });
  const preferences = createPreferences(kept);
  const announcer = createAnnouncer();
  const board = signal<Board | undefined>(undefined);
  const session = createSession({
    kept: secret,
    connect: (word) =>
      createPresenceClient({
        url: gatewayUrl,
        client,
        // Scopes that the token does not allow are not granted, and their operations are then not offered.
        scopes: ['operator.read', 'operator.admin'],
        ...(word !== undefined && { token: word, password: word }),
        onNotice: (message) =>
          board
            .peek()
            ?.notices.peek()
            ?.hear(message as NoticeMessage),
      }),
  });
  const deps = { window, announcer, language, preferences };
  let news: Promise<News> | undefined;
  const onChange = (change: InstanceChange): void => {
    news ??= import('./news.ts').then(({ createNews }) => createNews(deps));
    void news.then(({ add }) => add(change));
  };
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
        language,
        kept,
        document: window.document,
        onChange,
        loadNotices: (client) =>
          import('./notices.ts').then(({ createNotices }) =>
            createNotices({ window, client, language, preferences }),
          ),
      });
  });

  session.resume();
  return {
    language,
    preferences,
    address,
    session,
    board,
    announcer,
    secret,
    gatewayUrl,
    ownInstanceId: client.instanceId,
    useLanguage(code) {
      kept.set('language', code);
      if (address.view.peek().language === undefined) void language.use(code);
      else address.update({ language: code });
    },
  };
}

/** The WebSocket address of the gateway that served a page: same host, port and folder, `wss:` for `https:`. */
export function gatewayAddress(pageHref: string): string {
  const url = new URL('.', pageHref);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
