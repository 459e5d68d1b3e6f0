import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Row, type RowFacts, RowStore } from './row-store.ts';

/** A watcher: the WebSocket, and the socket under it for frames that are already framed. */
export interface Watcher {
  readonly webSocket: WebSocket;
  readonly socket: Duplex;
}

/** What distinguishes raw `ws` peers: how changes reach the watchers. */
export interface Broadcast {
  /** The hello of a new client, as JSON text. */
  hello(store: RowStore): string;
  /** Called when a row changed, or was removed (`row` absent). */
  changed(instanceId: string, row: Row | undefined): void;
}

/** Makes the broadcast of a peer; `watchers` is live. */
export type MakeBroadcast = (store: RowStore, watchers: ReadonlySet<Watcher>) => Broadcast;

type Request =
  | { readonly t: 'connect'; readonly row?: RowFacts; readonly watch: boolean }
  | { readonly t: 'beacon'; readonly id: number; readonly row: RowFacts }
  | { readonly t: 'list'; readonly id: number };

interface Room {
  readonly store: RowStore;
  readonly watchers: Set<Watcher>;
  readonly broadcast: Broadcast;
}

/** Serves the bare presence protocol (see bench/README.md) on raw `ws`. */
export function serveWs(port: number, makeBroadcast: MakeBroadcast): void {
  const store = new RowStore();
  const watchers = new Set<Watcher>();
  const room: Room = { store, watchers, broadcast: makeBroadcast(store, watchers) };
  const http = createServer((_, response) => response.writeHead(426).end());
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
  http.on('upgrade', (request, socket, head) => {
    webSockets.handleUpgrade(request, socket, head, (webSocket) => welcome(room, { webSocket, socket }));
  });
  http.listen({ port, host: '127.0.0.1', backlog: 4096 });
}

function welcome(room: Room, watcher: Watcher): void {
  let ownId: string | undefined;
  watcher.webSocket.on('message', (data) => {
    const request = JSON.parse(String(data)) as Request;
    if (request.t === 'connect') ownId = join(room, watcher, request.row, request.watch);
    else if (request.t === 'beacon') beacon(room, watcher, request.id, request.row);
    else list(room, watcher, request.id);
  });
  watcher.webSocket.on('error', () => watcher.webSocket.terminate());
  watcher.webSocket.on('close', () => leave(room, watcher, ownId));
}

function join(room: Room, watcher: Watcher, facts: RowFacts | undefined, watch: boolean): string | undefined {
  const row = facts && room.store.put(facts);
  watcher.webSocket.send(room.broadcast.hello(room.store));
  if (row) room.broadcast.changed(row.instanceId, row);
  if (watch) room.watchers.add(watcher);
  return row?.instanceId;
}

function beacon(room: Room, watcher: Watcher, id: number, facts: RowFacts): void {
  const row = room.store.put(facts);
  watcher.webSocket.send(`{"t":"ack","id":${id}}`);
  room.broadcast.changed(row.instanceId, row);
}

function list(room: Room, watcher: Watcher, id: number): void {
  const { version } = room.store;
  watcher.webSocket.send(`{"t":"rows","id":${id},"v":${version},"rows":${room.store.rowsJson()}}`);
}

function leave(room: Room, watcher: Watcher, ownId: string | undefined): void {
  room.watchers.delete(watcher);
  if (ownId !== undefined && room.store.remove(ownId)) room.broadcast.changed(ownId, undefined);
}
