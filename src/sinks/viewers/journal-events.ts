import { publicEntry, type StoredEntry } from '../journal/journal-entry.ts';
import type { JournalReader } from '../journal/journal-sink.ts';
import type { EventStream } from './event-stream.ts';
import type { MessageParts } from './roster-json.ts';

/** Entries that are sent to a reader who catches up before it is looked whether the reader takes them. */
const batch = 100;

/** The streams whose readers read the journal too: every entry is an event, once, in order (PJ11). */
export class JournalEvents {
  readonly #journal: JournalReader;
  readonly #streams = new Set<EventStream>();
  #unsubscribe = (): void => {};

  constructor(journal: JournalReader) {
    this.#journal = journal;
  }

  /** From now on the stream has every entry after the cursor; `now` begins with the next one. */
  add(stream: EventStream, from: string): void {
    stream.journalCursor = from === 'now' ? this.#journal.cursor : from;
    if (this.#streams.size === 0)
      this.#unsubscribe = this.#journal.subscribe((entries) => this.#send(entries));
    this.#streams.add(stream);
    this.catchUp(stream);
  }

  remove(stream: EventStream): void {
    if (this.#streams.delete(stream) && this.#streams.size === 0) this.#unsubscribe();
  }

  /** Sends what the reader has not got, until it takes no more; to be called again when it has drained. */
  catchUp(stream: EventStream): void {
    while (this.#streams.has(stream) && !stream.isBehind) {
      const { journalCursor: cursor } = stream;
      const { entries, more, cutOffAtMs, cursor: end } = this.#journal.query({ cursor, limit: batch });
      if (cutOffAtMs !== undefined)
        stream.send([`event: journal-cut\ndata: ${JSON.stringify({ cutOffAtMs })}\n\n`]);
      for (const entry of entries) {
        stream.journalCursor = this.#journal.cursorOf(entry.id);
        stream.sendEvent(journalEvent(entry));
      }
      stream.journalCursor = end;
      if (!more) return;
    }
  }

  #send(entries: readonly StoredEntry[]): void {
    const events = entries.map(
      (entry) => [this.#journal.cursorOf(entry.id), journalEvent(publicEntry(entry))] as const,
    );
    for (const stream of [...this.#streams]) {
      // Who is behind gets them when it has drained.
      if (stream.isBehind) continue;
      for (const [cursor, event] of events) {
        stream.journalCursor = cursor;
        stream.sendEvent(event);
      }
    }
  }
}

function journalEvent(entry: object): MessageParts {
  return [`event: journal\ndata: ${JSON.stringify(entry)}\n\n`];
}
