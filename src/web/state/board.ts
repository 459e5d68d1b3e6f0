import { computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Instance, InstanceChange, PresenceClient } from '../../client/index.ts';
import type { Duplicate } from '../../viewer/index.ts';
import type { Language } from '../i18n/language.ts';
import { type Survey, surveyOf } from './attention.ts';
import type { Gateways } from './gateways.ts';
import type { RosterRoom } from './inspector.ts';
import { createListStore, type ListStore } from './list-store.ts';
import type { Memory } from './memory.ts';
import type { Notices } from './notices.ts';
import { createRosterWatch, type RosterWatch } from './roster-watch.ts';
import { createRowFocus, type RowFocus } from './row-focus.ts';
import type { Search } from './search.ts';
import type { KeyValues } from './storage.ts';
import type { PastRoster, TimeTravel } from './time-travel.ts';
import type { ViewState } from './view-state.ts';

/** Everything that belongs to one sign-in. */
export interface Board {
  readonly client: PresenceClient;
  readonly watch: RosterWatch;
  /** The rows that are shown: those of now, or of the moment that the view names. */
  readonly instances: ReadonlySignal<readonly Instance[]>;
  /** The moment that is shown, on the gateway's clock. */
  readonly nowMs: ReadonlySignal<number>;
  readonly survey: ReadonlySignal<Survey>;
  readonly list: ListStore;
  /** Undefined until the first search. */
  readonly search: ReadonlySignal<Search | undefined>;
  readonly focus: RowFocus;
  /** Undefined until it is loaded. */
  readonly memory: ReadonlySignal<Memory | undefined>;
  /** Since when the gateway that answers runs; undefined when it does not send that. */
  readonly gatewaySinceMs: ReadonlySignal<number | undefined>;
  /** Times that an instance left within the last minutes. */
  leavesOf(key: string): number;
  /** The roster as it was; undefined while the page shows what is now. */
  readonly past: ReadonlySignal<PastRoster | undefined>;
  /** Undefined until it is loaded. */
  readonly gateways: ReadonlySignal<Gateways | undefined>;
  /** Undefined until it is loaded. */
  readonly notices: ReadonlySignal<Notices | undefined>;
  /** Undefined until the gateway has answered. */
  readonly room: ReadonlySignal<RosterRoom | undefined>;
  /** Rows that are most likely one instance, as `rollcall doctor` finds them; updated every few seconds. */
  readonly duplicates: ReadonlySignal<readonly Duplicate<Instance>[]>;
  close(): void;
}

/** What a board depends on. */
export interface BoardDeps {
  readonly client: PresenceClient;
  readonly view: ReadonlySignal<ViewState>;
  readonly language: Language;
  readonly kept: KeyValues;
  readonly document: Document;
  onChange(change: InstanceChange): void;
  /** Loads the code that reads the notices. */
  loadNotices(client: PresenceClient): Promise<Notices>;
}

/** Time between two requests for what no delta contains: whether the roster is full, duplicates, gateways. */
const lookEveryMs = 2_000;

const noInstances: readonly Instance[] = Object.freeze([]);

/** Makes the board of a client. */
export function createBoard(deps: BoardDeps): Board {
  const { client, view, language, kept, document, onChange, loadNotices } = deps;
  const memory = signal<Memory | undefined>(undefined);
  const early: (readonly [InstanceChange, number])[] = [];
  const watch = createRosterWatch({
    client,
    onChange(change, atMs) {
      if (memory.peek() === undefined) early.push([change, atMs]);
      else memory.peek()?.history.add(change, atMs);
      onChange(change);
    },
  });
  const isLive = computed(() => watch.roster.value.live);
  const travel = signal<TimeTravel | undefined>(undefined);
  const past = computed(() => travel.value?.past.value);
  const stopTravelling = effect(() => {
    if (view.value.atMs === undefined || travel.peek() !== undefined) return;
    void import('./time-travel.ts').then(({ createTimeTravel }) => {
      travel.value ??= createTimeTravel(client, view, isLive);
    });
  });
  const instances = computed(() => {
    const then = past.value;
    return then === undefined ? watch.roster.value.instances : (then.instances ?? noInstances);
  });
  const nowMs = computed(() => past.value?.atMs ?? watch.nowMs.value);
  const leavesOf = (key: string): number => memory.value?.history.leavesOf(key, nowMs.value) ?? 0;
  const survey = computed(() => {
    const [now, history] = [nowMs.value, memory.value?.history];
    return surveyOf(instances.value, now, (key) => history?.leavesOf(key, now) ?? 0);
  });
  const departed = computed(() => (past.value === undefined ? (memory.value?.past.value ?? []) : []));
  const searching = signal<typeof import('./search.ts') | undefined>(undefined);
  const search = computed(() => {
    const words = language.allWords.value;
    return words && searching.value?.createSearch(words);
  });
  const stopSearching = effect(() => {
    if (view.value.filter.text.trim() === '' || searching.peek() !== undefined) return;
    void Promise.all([import('./search.ts'), language.loadAll()]).then(([part]) => {
      searching.value = part;
    });
  });
  const list = createListStore({
    instances,
    nowMs,
    view,
    collator: computed(() => language.formats.value.collator),
    search,
    survey,
    past: departed,
  });
  const gateways = signal<Gateways | undefined>(undefined);
  const fetchGateways = async (): Promise<void> => {
    const { createGateways } = await import('./gateways.ts');
    if (gateways.peek() === undefined) gateways.value = createGateways(client);
    await gateways.peek()?.load();
  };
  const findings = {
    room: signal<RosterRoom | undefined>(undefined),
    duplicates: signal<readonly Duplicate<Instance>[]>([]),
  };
  let inspect: Promise<() => void> | undefined;
  const timer = setInterval(() => {
    inspect ??= import('./inspector.ts').then((part) => part.createInspector(client, findings));
    void inspect.then((look) => look());
    const known = gateways.peek();
    if (client.state.phase === 'connected' && (known?.list.peek().length ?? 0) > 1) void known?.load();
  }, lookEveryMs);
  // A page may be hidden before the module of the last visit is loaded; that counts as well.
  let hiddenSinceMs: number | undefined;
  const noteHidden = (): void => {
    hiddenSinceMs = document.hidden ? client.serverNowMs() : undefined;
  };
  document.addEventListener('visibilitychange', noteHidden);
  const remember = async (): Promise<void> => {
    const [{ createMemory }] = await Promise.all([import('./memory.ts'), language.loadAll()]);
    const made = createMemory({ client, kept, document, hiddenSinceMs });
    for (const [change, atMs] of early.splice(0)) made.history.add(change, atMs);
    memory.value = made;
    await made.history.load();
  };
  let remembering: Promise<void> | undefined;
  const notices = signal<Notices | undefined>(undefined);
  const followNotices = async (): Promise<void> => {
    const made = notices.peek() ?? (await loadNotices(client));
    notices.value = made;
    await notices.peek()?.load();
  };
  const stopLoading = effect(() => {
    if (!isLive.value) return;
    if (remembering === undefined) remembering = remember();
    else void memory.peek()?.history.load();
    fetchGateways().catch(() => {});
    followNotices().catch(() => {});
  });
  return {
    client,
    watch,
    instances,
    nowMs,
    survey,
    list,
    search,
    focus: createRowFocus(list.items),
    memory,
    gatewaySinceMs: computed(() => {
      const [first] = watch.roster.value.instances;
      return first?.self ? first.firstSeenAtMs : undefined;
    }),
    leavesOf,
    past,
    gateways,
    notices,
    ...findings,
    close() {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', noteHidden);
      stopLoading();
      stopSearching();
      memory.peek()?.close();
      stopTravelling();
      travel.peek()?.close();
      watch.close();
    },
  };
}

/**
 * Shows all pending changes, in order, and checks the connection.
 *
 * A lost connection is tried at once. A live one needs no new list, since deltas keep it in step; a short request proves that it
 * is alive: then the moment is the answer.
 */
export async function refresh({ client, list, watch, memory }: Board): Promise<number | undefined> {
  watch.resume();
  list.sortNow();
  if (client.state.phase === 'reconnecting') {
    client.stop();
    client.start();
    return undefined;
  }
  if (client.state.phase !== 'connected') return undefined;
  try {
    await client.request('health');
    void memory.peek()?.history.load();
    return client.serverNowMs();
  } catch {
    client.stop();
    client.start();
    return undefined;
  }
}
