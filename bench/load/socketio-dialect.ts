import { bareRows } from './bare-dialect.ts';
import {
  type Dialect,
  type ListedRow,
  numberAfter,
  type Part,
  type Reading,
  type RowsContent,
} from './dialect.ts';
import type { Message } from './message.ts';

const HEAD_CHARACTERS = 64;
/** Engine.IO 4 packet types, then Socket.IO 5 ones: `4` message + `0` connect, `2` event, `3` ack. */
const OPEN = '0{';
const PING = '2';
const PONG = '3';
const CONNECTED = '40{';
const EVENT = '42[';
const ACK = '43';
/** Ids of list requests are odd and those of beacons even: a Socket.IO ack does not name what it answers. */
const LIST = 1;

/** Socket.IO 4 over WebSocket, implemented directly so that this peer has the same lean clients as the others. */
export const socketIoDialect: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  opening: () => undefined,
  beacon: (id, facts) => `42${2 * id}["beacon",${JSON.stringify(facts)}]`,
  list: (id) => `42${2 * id + LIST}["rows",null]`,
  read,
  rows: (whole) => rows(whole),
  keyOf: (row) => String(row['instanceId']),
  sharedPart: (whole) => whole,
};

function read(message: Message, part: Part): Reading {
  const head = message.head.toString('latin1', 0, HEAD_CHARACTERS);
  if (head.startsWith(EVENT)) return event(head);
  if (head.startsWith(ACK)) return ack(head);
  if (head.startsWith(OPEN)) return { kind: 'prompt', answer: '40' };
  if (head.startsWith(CONNECTED)) return { kind: 'prompt', answer: join(part) };
  if (head === PING) return { kind: 'prompt', answer: PONG };
  return { kind: 'other' };
}

function event(head: string): Reading {
  if (head.startsWith('42["delta"')) {
    return { kind: 'delta', from: numberAfter(head, '"from":'), to: numberAfter(head, '"to":') };
  }
  const version = numberAfter(head, '"v":');
  if (head.startsWith('42["list"')) return { kind: 'full', version };
  return head.startsWith('42["hello"') ? { kind: 'hello', version, hasRows: true } : { kind: 'other' };
}

function ack(head: string): Reading {
  const id = Number.parseInt(head.slice(ACK.length), 10);
  return id % 2 === LIST ? { kind: 'answer', id: (id - LIST) / 2 } : { kind: 'ack', id: id / 2 };
}

function join({ facts, listed, watch }: Part): string {
  return `42["join",${JSON.stringify({ ...(listed && { row: facts }), watch: watch !== 'none' })}]`;
}

function rows(whole: string): RowsContent {
  const content = JSON.parse(whole.slice(whole.indexOf('['))) as unknown[];
  return bareRows(content.at(-1) as { rows?: ListedRow[] });
}
