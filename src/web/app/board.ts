import { type ReadonlySignal, signal } from '@preact/signals';
import type { Instance, InstanceChange, PresenceClient } from '../../client/index.ts';
import type { Duplicate } from '../../viewer/index.ts';
import { createListStore, type ListStore } from '../list/list-store.ts';
import { createRowFocus, type RowFocus } from '../list/row-focus.ts';
import { type ChangeLog, createChangeLog } from './change-log.ts';
import type { RosterRoom } from './inspector.ts';
import { createRosterWatch, type RosterWatch } from './roster-watch.ts';
import type { ViewState } from './view-state.ts';

/** Everything that belongs to one sign-in. */
export interface Board {
  readonly client: PresenceClient;
  readonly watch: RosterWatch;
  readonly list: ListStore;
  readonly focus: RowFocus;
  readonly log: ChangeLog;
  /** Undefined until the gateway has told. */
  readonly room: ReadonlySignal<RosterRoom | undefined>;
  /** Rows that are most likely one instance, as `rollcall doctor` finds them; looked for every few seconds. */
  readonly duplicates: ReadonlySignal<readonly Duplicate<Instance>[]>;
  close(): void;
}

/** What a board needs. */
export interface BoardDeps {
  readonly client: PresenceClient;
  readonly view: ReadonlySignal<ViewState>;
  readonly collator: ReadonlySignal<Intl.Collator>;
  onChange(change: InstanceChange): void;
}

/** Time between two looks at what no change tells: the room of the roster, and duplicates. */
const lookEveryMs = 2_000;

/** Makes the board of a client. */
export function createBoard({ client, view, collator, onChange }: BoardDeps): Board {
  const log = createChangeLog();
  const watch = createRosterWatch({
    client,
    onChange(change, atMs) {
      log.add(change, atMs);
      onChange(change);
    },
  });
  const list = createListStore({ roster: watch.roster, nowMs: watch.nowMs, view, collator });
  const findings = {
    room: signal<RosterRoom | undefined>(undefined),
    duplicates: signal<readonly Duplicate<Instance>[]>([]),
  };
  let inspect: Promise<() => void> | undefined;
  const timer = setInterval(() => {
    inspect ??= import('./inspector.ts').then((part) => part.createInspector(client, findings));
    void inspect.then((look) => look());
  }, lookEveryMs);
  return {
    client,
    watch,
    list,
    focus: createRowFocus(list.items),
    log,
    ...findings,
    close() {
      clearInterval(timer);
      watch.close();
    },
  };
}
