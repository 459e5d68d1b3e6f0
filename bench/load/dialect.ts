import type { BeaconFacts, ClientFacts } from './facts.ts';
import type { Message } from './message.ts';

/** Role of a client. */
export interface Part {
  /** Facts of its own row. */
  readonly facts: ClientFacts;
  /** False for a client that is no row of its own. */
  readonly listed: boolean;
  /** What it receives of changes. */
  readonly watch: 'delta' | 'full' | 'none';
  /** Shared secret of the server. */
  readonly token: string;
}

/** A row as a server lists it. */
export interface ListedRow {
  readonly [fact: string]: unknown;
}

/** A message, classified. Versions count the server's changes. */
export type Reading =
  | { readonly kind: 'prompt'; readonly answer: string }
  | { readonly kind: 'hello'; readonly version: number; readonly hasRows: boolean }
  | { readonly kind: 'ack'; readonly id: number }
  | { readonly kind: 'answer'; readonly id: number }
  | { readonly kind: 'full'; readonly version: number }
  | { readonly kind: 'delta'; readonly from: number; readonly to: number }
  | { readonly kind: 'refusal'; readonly why: string }
  | { readonly kind: 'other' };

/** Content of a message that carries rows. */
export interface RowsContent {
  readonly upsert: readonly ListedRow[];
  /** Keys that are gone, as {@link Dialect.keyOf} makes them. */
  readonly remove: readonly string[];
}

/** The protocol of one kind of server, as far as the scenarios need it. */
export interface Dialect {
  /** Request target of the upgrade. */
  readonly path: string;
  /** The first text of the client; absent when the server sends first. */
  opening(part: Part): string | undefined;
  beacon(id: number, facts: BeaconFacts): string;
  /** The request for the rows, for clients of this kind of watch. */
  list(id: number, watch: Part['watch']): string;
  /** Classifies a message by its ends, without parsing it. */
  read(message: Message, part: Part): Reading;
  /** Parses a hello with rows, an answer, a full list or a delta. */
  rows(whole: string): RowsContent;
  keyOf(row: ListedRow): string;
  /**
   * What two copies of one message to different clients have in common: the payload up to the client's own
   * sequence number.
   */
  sharedPart(whole: Buffer): Buffer;
}

/** The whole number after `name` in the text, or NaN. */
export function numberAfter(text: string, name: string): number {
  const at = text.indexOf(name);
  return at < 0 ? Number.NaN : Number.parseInt(text.slice(at + name.length, at + name.length + 17), 10);
}
