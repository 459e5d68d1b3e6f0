import type { Status } from '../../core/index.ts';
import type { RowWords } from '../../viewer/index.ts';

/** Reasons that the page has words of its own for; beacons may say any other. */
export type ReasonWord =
  | 'self'
  | 'connect'
  | 'node-connected'
  | 'disconnect'
  | 'launch'
  | 'periodic'
  | 'heartbeat'
  | 'beacon'
  | 'wake'
  | 'activity';

/** The texts that are seen at once, in one language; counts, times and names arrive already formatted. */
export interface Messages {
  readonly title: string;
  readonly instances: string;
  readonly skipToList: string;

  readonly live: string;
  readonly connecting: string;
  readonly paused: string;
  readonly reconnecting: string;
  readonly restarting: string;
  readonly asOf: (time: string) => string;
  readonly noGateway: string;
  readonly lockedOut: string;
  readonly connectionLost: string;
  readonly tryNow: string;
  readonly upToDate: (time: string) => string;

  readonly pause: string;
  readonly resume: string;
  readonly changesWaiting: (count: number, text: string) => string;
  readonly orderHeld: string;
  readonly applyOrder: string;
  readonly exportList: string;
  readonly settings: string;
  readonly help: string;
  readonly close: string;

  readonly groupDevices: string;

  readonly filter: string;
  readonly filterHint: string;
  readonly clearFilters: string;
  readonly facets: Readonly<Record<'mode' | 'status' | 'role', string>>;
  readonly shown: (count: number, shown: string, all: string) => string;
  readonly sortBy: string;
  readonly sortAscending: string;
  readonly sortDescending: string;

  readonly columns: Readonly<Record<'instance' | 'status' | 'machine' | 'mode' | 'input' | 'age', string>>;
  readonly sorts: RowWords['sorts'];
  readonly statuses: Readonly<Record<Status, string>>;
  readonly disconnected: string;
  readonly unreachable: string;
  readonly reasons: Readonly<Record<ReasonWord, string>>;
  readonly unnamed: string;
  readonly thisPage: string;
  readonly pinnedGateway: string;
  readonly connections: (count: number, text: string) => string;
  readonly gone: string;
  readonly deviceGroup: (count: number, text: string) => string;
  readonly meters: Readonly<Record<'cpu' | 'memory' | 'disk', string>>;
  readonly meterText: (name: string, percent: string) => string;

  readonly noMatchTitle: string;
  readonly noMatchText: string;
  readonly loading: string;
}
