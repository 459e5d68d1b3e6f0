import { createServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { peerArguments } from './peer-arguments.ts';
import { type RowFacts, RowStore } from './row-store.ts';

const WATCHERS = 'watchers';

/**
 * Presence as a Socket.IO application implements it: a room of watchers and one emit per change, of the changed row
 * (`--mode diff`) or of the whole list (`--mode full`).
 */
function serveSocketIo(port: number, mode: string): void {
  if (mode !== 'diff' && mode !== 'full') throw new TypeError('the socket.io peer needs --mode diff or full');
  const http = createServer((_, response) => response.writeHead(426).end());
  const io = new Server(http, { transports: ['websocket'], serveClient: false, perMessageDeflate: false });
  const store = new RowStore();
  const changed = (change: { upsert: unknown[]; remove: string[] }) => {
    const to = store.version;
    if (mode === 'full') io.to(WATCHERS).emit('list', { v: to, rows: store.rows() });
    else io.to(WATCHERS).emit('delta', { from: to - 1, to, ...change });
  };
  io.on('connection', (socket) => serveSocket(socket, store, changed));
  http.listen({ port, host: '127.0.0.1', backlog: 4096 });
}

type Changed = (change: { upsert: unknown[]; remove: string[] }) => void;

function serveSocket(socket: Socket, store: RowStore, changed: Changed): void {
  let ownId: string | undefined;
  socket.on('join', (request: { row?: RowFacts; watch: boolean }) => {
    const row = request.row && store.put(request.row);
    ownId = row?.instanceId;
    socket.emit('hello', { v: store.version, rows: request.watch ? store.rows() : [] });
    if (row) changed({ upsert: [row], remove: [] });
    if (request.watch) socket.join(WATCHERS);
  });
  socket.on('beacon', (facts: RowFacts, ack: () => void) => {
    const row = store.put(facts);
    ack();
    changed({ upsert: [row], remove: [] });
  });
  socket.on('rows', (_: unknown, ack: (answer: unknown) => void) => {
    ack({ v: store.version, rows: store.rows() });
  });
  socket.on('disconnect', () => {
    if (ownId !== undefined && store.remove(ownId)) changed({ upsert: [], remove: [ownId] });
  });
}

const { port, mode } = peerArguments();
serveSocketIo(port, mode);
