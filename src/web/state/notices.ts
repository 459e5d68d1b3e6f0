import { type ReadonlySignal, signal } from '@preact/signals';
import type { PresenceClient } from '../../client/index.ts';
import type { Notice, NoticeMessage } from '../../sinks/notices/notice.ts';
import type { Language } from '../i18n/language.ts';
import { noticeText } from '../i18n/notice-text.ts';
import { desktopOf } from './desktop.ts';
import type { Preferences } from './storage.ts';

/** The notices of a gateway. */
export interface NoticeList {
  /** Newest first. */
  readonly open: readonly Notice[];
  readonly resolved: readonly Notice[];
}

/** The notices of the gateway that answers. */
export interface Notices {
  /** Undefined until the gateway has answered that it has rules, and for one without any. */
  readonly list: ReadonlySignal<NoticeList | undefined>;
  load(): Promise<void>;
  /** Called with the text of each new notice. */
  hear(message: NoticeMessage): void;
}

/** Follows the notices: with every event the list is requested again, because other operators acknowledge them as well. */
export function createNotices(deps: {
  readonly client: Pick<PresenceClient, 'request'>;
  readonly language: Language;
  readonly window: Window & typeof globalThis;
  readonly preferences: Pick<Preferences, 'notifyNotices'>;
}): Notices {
  const { client, language, preferences } = deps;
  const desktop = desktopOf(deps.window);
  const list = signal<NoticeList | undefined>(undefined);
  const load = async (): Promise<void> => {
    try {
      const answer = await client.request<Partial<NoticeList> & { enabled?: boolean }>('notices.list', {});
      const { enabled = false, open = [], resolved = [] } = answer;
      list.value = enabled ? { open: newestFirst(open), resolved: newestFirst(resolved) } : undefined;
    } catch {
      // Another gateway may not serve it, or this token may lack the scope.
    }
  };
  return {
    list,
    load,
    hear(message) {
      void load();
      if (!preferences.notifyNotices.peek()) return;
      void language.loadAll().then((t) => {
        const { type, data } = message;
        desktop.show(noticeText({ type, ...data }, t, language.formats.peek()), data.noticeId);
      });
    },
  };
}

function newestFirst(notices: readonly Notice[]): readonly Notice[] {
  return [...notices].sort((a, b) => b.openedAtMs - a.openedAtMs);
}
