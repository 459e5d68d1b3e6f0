import type { ServerResponse } from 'node:http';
import type { SlowReader, UnreadBytes } from '../../sinks/index.ts';

/** Counts what a client does not take of an answer, from its end on (PL8). */
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
