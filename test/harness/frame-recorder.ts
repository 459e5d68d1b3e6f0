import { afterEach } from 'vitest';
import type { MessageParts } from '../../src/gateway/index.ts';
import { WebSocketTransport } from '../../src/gateway/listening/websocket-transport.ts';
import { assertFrame } from './assert-frames.ts';
import { textOf } from './socket-pair.ts';

/**
 * Checks every frame that gateways of this process send over sockets, to the end of the test file.
 *
 * Call it once, outside of tests: one during which a bad frame was sent fails, whatever it checks itself. Sessions without
 * sockets are checked by their `SocketPair`.
 */
export function assertEveryFrame(): void {
  const faults = recordFaults();
  afterEach(() => {
    const [fault] = faults.splice(0);
    if (fault !== undefined) throw fault;
  });
}

/** Starts checking frames on sockets; bad frames are sent nevertheless and are added to the returned list. */
export function recordFaults(): Error[] {
  const faults: Error[] = [];
  const { send } = WebSocketTransport.prototype;
  WebSocketTransport.prototype.send = function (parts: MessageParts): void {
    const text = textOf(parts);
    try {
      assertFrame(text);
    } catch (fault) {
      faults.push(new Error(`${(fault as Error).message} in ${text.slice(0, 2_000)}`));
    }
    send.call(this, parts);
  };
  return faults;
}
