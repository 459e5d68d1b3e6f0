import type { ServerResponse } from 'node:http';
import type { SlowReader, UnreadBytes } from '../../sinks/index.ts';

/** Counts the bytes of a finished answer that its client has not read (PL8). */
export function countUnread(response: ServerResponse, unread: UnreadBytes): void {
  const reader: SlowReader = {
    get unreadBytes() {
      return response.writableLength;
    },
    drop: () => response.destroy(),
  };
  response.once('prefinish', () => {
    if (response.writableLength > 0) unread.wait(reader, response.writableLength);
  });
  response.once('close', () => unread.remove(reader));
}
