import type { InstanceChange } from '../../client/index.ts';
import type { Preferences } from '../app/preferences.ts';
import type { Language } from '../i18n/language.ts';
import type { LaterMessages } from '../i18n/later-messages.ts';
import type { Messages } from '../i18n/messages.ts';
import type { Announcer } from './announcer.ts';
import { createArrivalCollector } from './arrivals.ts';
import { arrivalsText } from './arrivals-text.ts';
import type { Desktop } from './desktop.ts';
import { nodeNews } from './node-news.ts';

/** Tells people what changed: those who listen, and those who asked for notifications of their desktop. */
export interface NewsDesk {
  take(change: InstanceChange): void;
}

/** Makes a news desk. */
export function createNewsDesk(deps: {
  readonly announcer: Announcer;
  readonly desktop: Desktop;
  readonly language: Language;
  readonly preferences: Pick<Preferences, 'notifyNodes'>;
}): NewsDesk {
  const { announcer, desktop, language, preferences } = deps;
  const tell = async (work: (t: Messages & LaterMessages) => void): Promise<void> => {
    // A gateway that is away cannot send the texts: then there is no news either.
    await language.loadLater().catch(() => {});
    const later = language.later.peek();
    if (later !== undefined) work({ ...language.messages.peek(), ...later });
  };
  const arrivals = createArrivalCollector(
    (who) => void tell((t) => announcer.say(arrivalsText(who, t, language.formats.peek()))),
  );
  const notify = (change: InstanceChange): void => {
    const news = nodeNews(change);
    if (news === undefined) return;
    void tell((t) => {
      const name = news.name ?? t.unnamed;
      desktop.show(news.what === 'connected' ? t.nodeConnected(name) : t.nodeGone(name), news.key);
    });
  };
  return {
    take(change) {
      arrivals.take(change);
      if (preferences.notifyNodes.peek()) notify(change);
    },
  };
}
