import type { Writable } from 'node:stream';

/** More than this is not held back. */
const heldBytes = 65_536;

/**
 * Holds back what is written until everything that came with the same chunk is read, so that answers that belong together
 * leave with one system call.
 */
export function holdWrites(socket: Writable): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(release, socket);
}

/** Lets go of what is held when it is much: a reader that takes it is not to be found slow (PL2). */
export function releaseMany(socket: Writable): void {
  if (socket.writableLength > heldBytes) release(socket);
}

function release(socket: Writable): void {
  socket.uncork();
}
