import { type Dialect, type ListedRow, numberAfter, type Reading, type RowsContent } from './dialect.ts';
import type { Message } from './message.ts';

const HEAD_CHARACTERS = 64;

interface BareRows {
  readonly rows?: readonly ListedRow[];
  readonly upsert?: readonly ListedRow[];
  readonly remove?: readonly string[];
}

/** The protocol of the raw `ws` peers: JSON objects distinguished by `t`. */
export const bareDialect: Dialect = {
  path: '/',
  opening: ({ facts, listed, watch }) =>
    JSON.stringify({ t: 'connect', ...(listed && { row: facts }), watch: watch !== 'none' }),
  beacon: (id, facts) => `{"t":"beacon","id":${id},"row":${JSON.stringify(facts)}}`,
  list: (id) => `{"t":"list","id":${id}}`,
  read,
  rows: (whole) => bareRows(JSON.parse(whole) as BareRows),
  keyOf: (row) => String(row['instanceId']),
  sharedPart: (whole) => whole,
};

/** Rows of a hello, answer, list or delta of the shape that the peers use. */
export function bareRows(content: BareRows): RowsContent {
  return { upsert: content.rows ?? content.upsert ?? [], remove: content.remove ?? [] };
}

function read(message: Message): Reading {
  const head = message.head.toString('latin1', 0, HEAD_CHARACTERS);
  if (head.startsWith('{"t":"delta"')) return delta(head);
  if (head.startsWith('{"t":"ack"')) return { kind: 'ack', id: numberAfter(head, '"id":') };
  if (head.startsWith('{"t":"list"')) return { kind: 'full', version: numberAfter(head, '"v":') };
  if (head.startsWith('{"t":"rows"')) return { kind: 'answer', id: numberAfter(head, '"id":') };
  if (head.startsWith('{"t":"hello"'))
    return { kind: 'hello', version: numberAfter(head, '"v":'), hasRows: true };
  return { kind: 'other' };
}

function delta(head: string): Reading {
  return { kind: 'delta', from: numberAfter(head, '"from":'), to: numberAfter(head, '"to":') };
}
