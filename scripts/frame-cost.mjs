// What a frame costs the server by the way it is written: `node scripts/frame-cost.mjs`.
// 100 readers on loopback, in another process, get the same payload with a sequence number of their own. Server CPU
// time per frame, median of five turns in which the ways alternate; docs/decisions/0007-frames.md has the figures.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const readers = 100;
const sizes = [300, 1_000, 4_000, 16_000, 90_000];
const turns = 5;

/** The reading process, which discards what it receives. */
function read(port) {
  for (let n = 0; n < readers; n++)
    connect(port, '127.0.0.1')
      .resume()
      .on('error', () => process.exit());
}

async function measure() {
  const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = [];
  const child = fork(process.argv[1], ['read', server.address().port]);
  while (sockets.length < readers) sockets.push((await once(server, 'connection'))[0]);
  for (const size of sizes) console.log(`${size} bytes:`, await compare(sockets, size));
  for (const socket of sockets) socket.destroy();
  server.close();
  child.kill();
}

async function compare(sockets, size) {
  const frames = Math.max(200, Math.round(20_000_000 / size / readers));
  const costs = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
  for (let turn = 0; turn <= turns; turn++) {
    for (const [way, write] of Object.entries(ways)) {
      const cost = await run(sockets, size, frames, write);
      if (turn > 0) costs[way].push(cost);
    }
  }
  return Object.fromEntries(
    Object.entries(costs).map(([way, list]) => [way, `${median(list).toFixed(2)} µs`]),
  );
}

async function run(sockets, size, frames, write) {
  const text = 'x'.repeat(size);
  const payload = { text, bytes: Buffer.from(text) };
  const before = process.cpuUsage();
  for (let seq = 0; seq < frames; seq++) {
    for (const socket of sockets) write(socket, payload, `,"seq":${seq}}`);
    if (sockets.some((socket) => socket.writableNeedDrain)) await new Promise(setImmediate);
  }
  const { user, system } = process.cpuUsage(before);
  while (sockets.some((socket) => socket.writableLength > 0)) await new Promise(setImmediate);
  return (user + system) / frames / sockets.length;
}

const ways = {
  'text joined and encoded for each': (socket, { text }, tail) => {
    const bytes = Buffer.from(text + tail);
    socket.write(Buffer.concat([header(bytes.length), bytes]));
  },
  'shared bytes copied into one buffer': (socket, { bytes }, tail) => {
    const size = bytes.length + tail.length;
    const head = header(size);
    const frame = Buffer.allocUnsafe(head.length + size);
    frame.set(head);
    frame.set(bytes, head.length);
    frame.write(tail, head.length + bytes.length);
    socket.write(frame);
  },
  'shared bytes split, one writev': (socket, { bytes }, tail) => {
    socket.cork();
    socket.write(header(bytes.length + tail.length));
    socket.write(bytes);
    socket.write(Buffer.from(tail));
    socket.uncork();
  },
};

function header(size) {
  if (size < 126) return Buffer.from([0x81, size]);
  const header = Buffer.alloc(size < 65_536 ? 4 : 10);
  header.set([0x81, size < 65_536 ? 126 : 127]);
  if (size < 65_536) header.writeUInt16BE(size, 2);
  else header.writeUInt32BE(size, 6);
  return header;
}

function median(list) {
  return list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

if (process.argv[2] === 'read') read(Number(process.argv[3]));
else await measure();
