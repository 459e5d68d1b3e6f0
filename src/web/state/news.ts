import { type ReadonlySignal, signal } from '@preact/signals';
import type { InstanceChange } from '../../client/index.ts';
import { rowName } from '../../viewer/index.ts';
import type { Formats } from '../format/formats.ts';
import { isViewer } from '../format/names.ts';
import type { Language } from '../i18n/language.ts';
import type { Words } from '../i18n/words.ts';
import { nodeNews } from './node-news.ts';
import type { Preferences } from './storage.ts';

/** Tells people who do not see the page, politely. */
export interface Announcer {
  /** What the live region says. */
  readonly text: ReadonlySignal<string>;
  announce(text: string): void;
}

/** Makes an announcer that has said nothing yet. */
export function createAnnouncer(): Announcer {
  const text = signal('');
  return {
    text,
    announce(next) {
      text.value = next;
    },
  };
}

/** Shows notifications of the desktop. */
export interface Desktop {
  /** Asks the person when they have not said yet; false when they or the browser do not want it. */
  allow(): Promise<boolean>;
  /** Shows one; a later one with the same `tag` takes its place. Does nothing without permission. */
  show(title: string, tag: string): void;
}

/** Notifications of the browser, where it has any. */
export function browserDesktop(Notifications: typeof Notification | undefined, icon: string): Desktop {
  return {
    async allow() {
      if (Notifications === undefined) return false;
      return (await Notifications.requestPermission()) === 'granted';
    },
    show(title, tag) {
      if (Notifications?.permission === 'granted') new Notifications(title, { tag, icon });
    },
  };
}

/** How long joins and leaves are collected, so that a restart is one sentence, not two hundred. */
const collectMs = 2_000;

type Name = string | undefined;

/** Announces who came and who left, and notifies of nodes when asked to. */
export function createNews(deps: {
  readonly announcer: Announcer;
  readonly desktop: Desktop;
  readonly language: Language;
  readonly preferences: Pick<Preferences, 'notifyNodes'>;
}): { add(change: InstanceChange): void } {
  const { announcer, desktop, language, preferences } = deps;
  let joined: readonly Name[] = [];
  let left: readonly Name[] = [];
  const flush = (): void => {
    announcer.announce(arrivalsText({ joined, left }, language.words.peek(), language.formats.peek()));
    joined = [];
    left = [];
  };
  const collect = ({ kind, instance }: InstanceChange): void => {
    if (kind === 'update' || isViewer(instance)) return;
    if (joined.length + left.length === 0) setTimeout(flush, collectMs);
    if (kind === 'join') joined = [...joined, rowName(instance)];
    else left = [...left, rowName(instance)];
  };
  const notify = (change: InstanceChange): void => {
    const news = nodeNews(change);
    if (news === undefined) return;
    const t = language.words.peek();
    const name = news.name ?? t.unnamed;
    desktop.show(news.what === 'connected' ? t.nodeConnected(name) : t.nodeGone(name), news.key);
  };
  return {
    add(change) {
      collect(change);
      if (preferences.notifyNodes.peek()) notify(change);
    },
  };
}

/** So many names are said; the others are counted. */
const mostNames = 5;

/** Names in one line, the first few of them. */
export function namesText(names: readonly Name[], t: Words, f: Formats, most = mostNames): string {
  const others = names.length - most;
  const said = names.slice(0, most).map((name) => name ?? t.unnamed);
  return f.list(others > 0 ? [...said, t.andMore(f.count(others))] : said);
}

function arrivalsText(
  { joined, left }: { readonly joined: readonly Name[]; readonly left: readonly Name[] },
  t: Words,
  f: Formats,
): string {
  const sentences = [
    joined.length > 0 ? t.joined(joined.length, namesText(joined, t, f)) : '',
    left.length > 0 ? t.left(left.length, namesText(left, t, f)) : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join('. ');
}
