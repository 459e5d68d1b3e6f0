import type { Clock, PresenceReader, Sink, Timers } from '../../core/index.ts';
import type { JournalReader } from '../journal/journal-sink.ts';
import { ChangeLog } from './change-log.ts';
import { type EventEncoders, eventEncoders } from './encoder.ts';
import { EventStreams } from './event-streams.ts';
import { FanOut } from './fan-out.ts';
import { RosterLists } from './roster-json.ts';
import type { UnreadBytes } from './unread-bytes.ts';

export interface ViewersOptions {
  readonly presence: PresenceReader;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Longest wait of a busy gateway before a flush, milliseconds (PE1). */
  readonly maxCoalesceMs: number;
  /** Time between two ticks of a stream, milliseconds. */
  readonly tickIntervalMs: number;
  /** Most bytes that may wait for one slow reader (PL2). */
  readonly maxBufferedBytes: number;
  /** Bounds what all readers leave unread (PL8). */
  readonly unread: UnreadBytes;
  /** A reader of a stream was cut off for being too slow. */
  readonly onSlow: () => void;
  readonly journal: JournalReader;
}

/** Changes that are kept for streams that come back with their `Last-Event-ID`. */
const logCapacity = 1_000;

/** The sink of people who look: WebSocket clients and readers of server-sent events (PE1, PE2, PW7). */
export class Viewers implements Sink {
  readonly name = 'viewers';
  readonly lists: RosterLists;
  readonly encoders: EventEncoders;
  readonly fanOut: FanOut;
  readonly streams: EventStreams;
  readonly #presence: PresenceReader;
  readonly #log: ChangeLog;
  #unsubscribe = (): void => {};

  constructor(options: ViewersOptions) {
    const { presence } = options;
    this.#presence = presence;
    this.lists = new RosterLists(presence);
    this.encoders = eventEncoders({ lists: this.lists, epoch: presence.epoch });
    this.fanOut = new FanOut(options);
    this.#log = new ChangeLog({ capacity: logCapacity, version: presence.version });
    this.streams = new EventStreams({ ...options, lists: this.lists, fanOut: this.fanOut, log: this.#log });
  }

  start(): void {
    this.#unsubscribe = this.#presence.subscribe((changes) => {
      this.#log.add(changes);
      this.fanOut.collect(changes);
    });
  }

  async close(): Promise<void> {
    this.#unsubscribe();
  }
}
