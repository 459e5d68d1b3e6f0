import { type CreateSocket, createPresenceClient, type SocketHandlers } from 'rollcall/client';
import type { Figures } from '../job.ts';
import { beaconFacts } from '../load/facts.ts';
import { median } from '../statistics.ts';
import { pause, type Run, type Scenario } from './scenario.ts';

const STRIDE = 7_919;
/** Frames that are made at a time; making them is not timed. */
const BATCH = 500;
const LISTENERS = 1_000;
const NOW_MS = 1_800_000_000_000;

/** A follower of a roster by the frames of a gateway. */
interface Reader {
  frame(text: string): void;
  /** Text of the row with this index, for the check at the end. */
  textOf(index: number): string | undefined;
  size(): number;
  close(): void;
}

/** Cost of one changed row for a viewer, among many unchanged ones. */
export const clientApply: Scenario = {
  name: 'client',
  title: 'A change at the reader',
  about:
    'In one process, no network: a client gets the frames of deltas of one row each, then ticks, each after as many more to warm up. The client has ' +
    '1 000 listeners of single rows, and exactly those of the rows that changed must be called. The plain reader parses the same ' +
    'frames, copies its map, applies the delta and sorts all rows.',
  sizeUnit: 'rows',
  sizes: [200, 2_000, 20_000, 100_000],
  quickSizes: [200, 2_000],
  contenders: ['client-plain', 'client'],
  baseline: 'client-plain',
  metrics: [
    { key: 'microsPerDelta', label: 'delta', unit: 'µs', better: 'less' },
    { key: 'microsPerTick', label: 'tick', unit: 'µs', better: 'less' },
  ],
  needs: () => ({}),
  run,
};

async function run({ size, quick, contender }: Run): Promise<Figures> {
  const isPlain = contender.id === 'client-plain';
  const operations = quick ? BATCH : isPlain ? Math.max(30, Math.ceil(2_000_000 / size)) : 20_000;
  let calls = 0;
  const reader = isPlain ? plainReader() : await clientReader(size, () => (calls += 1));
  reader.frame(snapshotFrame(size));
  timed(reader, operations, (n) => deltaFrame(size, n));
  calls = 0;
  const deltaMicros = timed(reader, operations, (n) => deltaFrame(size, operations + n));
  const expected = Array.from({ length: operations }, (_, n) => rowIndex(size, operations + n));
  const listened = expected.filter((index) => index < LISTENERS).length;
  if (!isPlain && calls !== listened)
    throw new Error(`${calls} listeners were called instead of ${listened}`);
  timed(reader, operations, (n) => tickFrame(2 * operations + n));
  const tickMicros = timed(reader, operations, (n) => tickFrame(3 * operations + n));
  check(reader, size, 2 * operations);
  reader.close();
  return { microsPerDelta: deltaMicros, microsPerTick: tickMicros };
}

function check(reader: Reader, size: number, deltas: number): void {
  if (reader.size() !== size + 1) throw new Error(`the reader has ${reader.size()} rows of ${size + 1}`);
  const latest = new Map<number, number>();
  for (let n = 0; n < deltas; n += 1) latest.set(rowIndex(size, n), n);
  for (const [index, n] of latest) {
    const { text } = beaconFacts(index, n + 1);
    if (reader.textOf(index) !== text) throw new Error(`row ${index} is not as its last delta says`);
  }
}

/** Microseconds for each frame, the median of batches: compiling and garbage collection fall into some of them. */
function timed(reader: Reader, operations: number, frameOf: (n: number) => string): number {
  const micros: number[] = [];
  for (let from = 0; from < operations; from += BATCH) {
    const length = Math.min(BATCH, operations - from);
    const frames = Array.from({ length }, (_, offset) => frameOf(from + offset));
    const startMs = performance.now();
    for (const frame of frames) reader.frame(frame);
    micros.push(((performance.now() - startMs) * 1_000) / length);
  }
  return median(micros);
}

/** The client of the library, connected to a gateway that is this function. */
async function clientReader(size: number, onRow: () => void): Promise<Reader> {
  let handlers: SocketHandlers | undefined;
  const createSocket: CreateSocket = (_, given) => {
    handlers = given;
    return {
      isOpen: () => true,
      send: (text) => answer(given, JSON.parse(text)),
      close: () => undefined,
    };
  };
  const client = createPresenceClient({ url: 'ws://in.process', createSocket, beaconIntervalMs: 0 });
  client.start();
  if (handlers === undefined) throw new Error('the client opened no socket');
  const { open, message } = handlers;
  open();
  message(frameOf('connect.challenge', { nonce: 'n', ts: NOW_MS }));
  while (client.state.phase === 'connecting') await pause(1);
  if (client.state.phase !== 'connected') throw new Error(`the client is ${client.state.phase}`);
  for (let index = 0; index < Math.min(size, LISTENERS); index += 1) client.onInstance(keyOf(index), onRow);
  return {
    frame: message,
    textOf: (index) => client.get(keyOf(index))?.text,
    size: () => client.roster.instances.length,
    close: () => client.stop(),
  };
}

function answer({ message }: SocketHandlers, { id, method }: { id: string; method: string }): void {
  if (method !== 'connect') throw new Error(`the client asked for ${method}: it missed something`);
  const payload = {
    type: 'hello-ok',
    protocol: 4,
    server: { version: '1', connId: 'c' },
    features: { methods: [], events: [], capabilities: ['presence-delta'] },
    snapshot: { presence: [], health: {}, stateVersion: { presence: 1, health: 1 }, uptimeMs: 1 },
    auth: { role: 'operator', scopes: ['operator.read'] },
    policy: { maxPayload: 1, maxBufferedBytes: 1, tickIntervalMs: 600_000 },
  };
  queueMicrotask(() => message(JSON.stringify({ type: 'res', id, ok: true, payload })));
}

interface PlainRow {
  readonly key: string;
  readonly ts: number;
  readonly text: string;
  readonly self?: true;
}

/** The plain implementation: rows are copied and sorted at every input, so that results are immutable. */
function plainReader(): Reader {
  let rows: ReadonlyMap<string, PlainRow> = new Map();
  let sorted: readonly PlainRow[] = [];
  const show = (next: Map<string, PlainRow>, nowMs: number): void => {
    for (const [key, row] of next) if (row.self) next.set(key, { ...row, ts: nowMs });
    rows = next;
    sorted = [...next.values()].sort(
      (a, b) => Number(b.self ?? false) - Number(a.self ?? false) || b.ts - a.ts || (a.key < b.key ? -1 : 1),
    );
  };
  return {
    frame(text) {
      const { event, payload } = JSON.parse(text);
      const next = new Map(rows);
      for (const key of payload.remove ?? []) next.delete(key);
      for (const row of payload.upsert ?? []) next.set(row.key, row);
      show(next, event === 'tick' ? payload.ts : payload.now);
    },
    textOf: (index) => rows.get(keyOf(index))?.text,
    size: () => sorted.length,
    close: () => undefined,
  };
}

/** In strides, so that neither the order of rows nor the cache helps. */
function rowIndex(size: number, n: number): number {
  return (n * STRIDE) % size;
}

function keyOf(index: number): string {
  return beaconFacts(index, 1).instanceId;
}

function rowOf(index: number, count: number): object {
  const facts = beaconFacts(index, count);
  const known = { connections: 1, firstSeenAtMs: NOW_MS, connectedAtMs: NOW_MS, sources: { text: 'beacon' } };
  return { key: facts.instanceId, ...facts, ts: NOW_MS + count, ...known };
}

function snapshotFrame(size: number): string {
  const gateway = {
    key: 'gateway',
    ts: NOW_MS,
    connections: 0,
    firstSeenAtMs: NOW_MS,
    sources: {},
    self: true,
  };
  const upsert = [gateway, ...Array.from({ length: size }, (_, index) => rowOf(index, 0))];
  return frameOf('presence.delta', { epoch: 'e', from: 0, to: 1, now: NOW_MS, upsert, remove: [] }, 1);
}

function deltaFrame(size: number, n: number): string {
  const upsert = [rowOf(rowIndex(size, n), n + 1)];
  const delta = { epoch: 'e', from: n + 1, to: n + 2, now: NOW_MS + n, upsert, remove: [] };
  return frameOf('presence.delta', delta, n + 2);
}

function tickFrame(n: number): string {
  return frameOf('tick', { ts: NOW_MS + n }, n + 2);
}

function frameOf(event: string, payload: object, seq?: number): string {
  return JSON.stringify({ type: 'event', event, payload, ...(seq !== undefined && { seq }) });
}
