import { type ReadonlySignal, signal } from '@preact/signals';
import type { PresenceClient } from '../../client/index.ts';
import type { Notice, NoticeMessage } from '../../sinks/notices/notice.ts';
import type { Language } from '../i18n/language.ts';
import { noticeText } from '../i18n/notice-text.ts';
import { desktopOf } from './desktop.ts';
import type { Preferences } from './storage.ts';

/** What a gateway told its operators. */
export interface NoticeList {
  /** Newest first. */
  readonly open: readonly Notice[];
  readonly resolved: readonly Notice[];
}

/** The notices of the gateway that answers. */
export interface Notices {
  /** Undefined until the gateway has said that it has rules; a gateway without any keeps it so. */
  readonly list: ReadonlySignal<NoticeList | undefined>;
  load(): Promise<void>;
  /** A notice as it is said. */
  hear(message: NoticeMessage): void;
}

/** Follows the notices: the list is asked for anew with every one of them, for others acknowledge them as well. */
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
      // Another gateway may not serve it, or this token may not ask.
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
