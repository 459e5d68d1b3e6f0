import type { Instance, InstanceChange } from '../../client/index.ts';
import { isDisconnected, isViewer, rowName } from '../../viewer/index.ts';
import type { Formats } from '../format/formats.ts';
import { isNode } from '../format/names.ts';
import type { Language } from '../i18n/language.ts';
import type { Words } from '../i18n/words.ts';
import type { Announcer } from './announcer.ts';
import { desktopOf } from './desktop.ts';
import { namesText } from './names-text.ts';
import type { Preferences } from './storage.ts';

/** Announces changes. */
export interface News {
  add(change: InstanceChange): void;
}

/** How long joins and leaves are collected, milliseconds, so that a restart makes one sentence, not two hundred. */
const collectMs = 2_000;

type Name = string | undefined;

/** Announces who came and who left, and notifies of nodes when asked to. */
export function createNews(deps: {
  readonly announcer: Announcer;
  readonly window: Window & typeof globalThis;
  readonly language: Language;
  readonly preferences: Pick<Preferences, 'notifyNodes'>;
}): News {
  const { announcer, language, preferences } = deps;
  const desktop = desktopOf(deps.window);
  let joined: readonly Name[] = [];
  let left: readonly Name[] = [];
  const flush = async (): Promise<void> => {
    const arrivals = { joined, left };
    joined = [];
    left = [];
    announcer.announce(arrivalsText(arrivals, await language.loadAll(), language.formats.peek()));
  };
  const collect = ({ kind, instance }: InstanceChange): void => {
    if (kind === 'update' || isViewer(instance)) return;
    if (joined.length + left.length === 0) setTimeout(() => void flush(), collectMs);
    if (kind === 'join') joined = [...joined, rowName(instance)];
    else left = [...left, rowName(instance)];
  };
  const notify = async (change: InstanceChange): Promise<void> => {
    const news = nodeNews(change);
    if (news === undefined) return;
    const t = await language.loadAll();
    const name = news.name ?? t.unnamed;
    desktop.show(news.what === 'connected' ? t.nodeConnected(name) : t.nodeGone(name), news.key);
  };
  return {
    add(change) {
      collect(change);
      if (preferences.notifyNodes.peek()) void notify(change);
    },
  };
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

/** A node that connected or left. */
export interface NodeNews {
  readonly what: 'connected' | 'gone';
  readonly key: string;
  readonly name: string | undefined;
}

/** Returns the arrival or departure of a node that a change contains, if any. */
export function nodeNews(change: InstanceChange): NodeNews | undefined {
  const { instance, kind, key } = change;
  const before = change.kind === 'update' ? change.previous : undefined;
  if (!isNode(instance) && !(before && isNode(before))) return undefined;
  const wasHere = kind === 'leave' ? isHere(instance) : before !== undefined && isHere(before);
  const isHereNow = kind !== 'leave' && isHere(instance);
  if (wasHere === isHereNow) return undefined;
  return { what: isHereNow ? 'connected' : 'gone', key, name: rowName(instance) };
}

/** Gateways that do not count connections report only who left. */
function isHere(row: Instance): boolean {
  return row.connections === undefined ? !isDisconnected(row) : row.connections > 0;
}
