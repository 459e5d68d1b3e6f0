import type { CauseCode } from '../core/index.ts';
import type { PresenceState } from './presence-state.ts';
import type { SortKey } from './row-order.ts';
import { englishModes, englishStates, type KnownMode, knownModes } from './state-words.ts';

/** The words of one language for states, modes and so on; the keys are the names of the protocol. */
export interface RowWords {
  readonly states: Readonly<Record<PresenceState, string>>;
  readonly modes: Readonly<Record<KnownMode, string>>;
  readonly causes: Readonly<Record<CauseCode, string>>;
  readonly sorts: Readonly<Record<SortKey, string>>;
}

/** English; the terminal and notices use it, the languages of the page supply the others. */
export const englishWords: RowWords = {
  states: englishStates,
  modes: englishModes,
  causes: {
    connected: 'Connected',
    reconnected: 'Reconnected',
    closed: 'Closed the connection',
    'connection-lost': 'Connection lost',
    reset: 'Connection reset',
    replaced: 'Replaced by a newer session',
    slept: 'Went to sleep',
    woke: 'Woke up',
    'shut-down': 'Shut down',
    'gateway-restart': 'Gateway restarted',
    'gateway-unreachable': 'Gateway unreachable',
    revoked: 'Access revoked',
    'slow-reader': 'Too slow to read',
    expired: 'Expired',
    evicted: 'Evicted: the roster was full',
    removed: 'Removed by an operator',
    unknown: 'Cause unknown',
  },
  sorts: {
    name: 'Name',
    state: 'State',
    age: 'Last seen',
    input: 'Last input',
    mode: 'Kind',
    connections: 'Connections',
  },
};

/** The word for a mode in a language; a mode without one as it is. */
export function modeWord({ modes }: Pick<RowWords, 'modes'>, mode: string): string {
  return knownModes.find((known) => known === mode) === undefined ? mode : modes[mode as KnownMode];
}
