import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import { IdleSocketReaper } from './idle-socket-reaper.ts';

const most = 3;

/** A socket with nothing but the address of the other side. */
class FakeSocket {
  static #port = 0;
  readonly remotePort = ++FakeSocket.#port;
  readonly remoteAddress: string;
  destroyed = false;

  constructor(remoteAddress: string) {
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    this.destroyed = true;
  }
}

function fixture() {
  const clock = new ManualClock();
  const isTrustedProxy = (address: string): boolean => address === '10.0.0.1';
  const waiting = new IdleSocketReaper({ clock, maxPreauthSocketsPerAddress: most, isTrustedProxy });
  const server = new EventEmitter();
  waiting.watch(server as Server);
  return {
    waiting,
    open(address: string): FakeSocket {
      const socket = new FakeSocket(address);
      server.emit('connection', socket);
      return socket;
    },
    upgrade: (socket: FakeSocket) => void server.emit('upgrade', { socket }),
    /** A request; the returned function ends its answer. */
    ask(socket: FakeSocket): () => void {
      const response = Object.assign(new EventEmitter(), { req: { socket } });
      server.emit('request', { socket }, response);
      return () => void response.emit('close');
    },
    pass(ms: number): void {
      waiting.run(clock.advance(ms));
    },
  };
}

const isOpen = ({ destroyed }: FakeSocket): boolean => !destroyed;

describe('[PL1] sockets without a request', () => {
  it('are dropped, the oldest first, when an address has too many of them for more than a second', () => {
    const { open, pass } = fixture();
    const silent = Array.from({ length: 5 }, () => open('192.0.2.1'));
    const other = open('192.0.2.2');
    pass(1_000);
    expect(silent.every(isOpen)).toBe(true);
    pass(1);
    expect(silent.map(isOpen)).toEqual([false, false, true, true, true]);
    expect(isOpen(other)).toBe(true);
  });

  it('are counted by network in IPv6', () => {
    const { open, pass } = fixture();
    const silent = [1, 2, 3, 4].map((host) => open(`2001:db8::${host}`));
    pass(1_001);
    expect(silent.filter(isOpen)).toHaveLength(most);
  });

  it('do not prevent requests from the same address', () => {
    const { open, upgrade, ask, pass } = fixture();
    for (let count = 0; count < 100; count += 1) open('192.0.2.1');
    pass(5_000);
    const [client, reader] = [open('192.0.2.1'), open('192.0.2.1')];
    upgrade(client);
    ask(reader);
    pass(60_000);
    expect([isOpen(client), isOpen(reader)]).toEqual([true, true]);
  });

  it('are also those that are kept after an answer', () => {
    const { open, ask, pass } = fixture();
    const readers = Array.from({ length: 5 }, () => open('192.0.2.1'));
    const answers = readers.map(ask);
    pass(60_000);
    expect(readers.every(isOpen)).toBe(true);
    for (const answered of answers) answered();
    pass(1_001);
    expect(readers.filter(isOpen)).toHaveLength(most);
  });

  it('may be as many as they like of a trusted proxy', () => {
    const { open, pass } = fixture();
    const pooled = Array.from({ length: 100 }, () => open('10.0.0.1'));
    pass(60_000);
    expect(pooled.every(isOpen)).toBe(true);
  });

  it('are not counted any more when they are closed', () => {
    const { waiting, open, pass } = fixture();
    open('192.0.2.1').destroy();
    pass(1);
    expect(waiting.size).toBe(0);
  });

  it('never: too many of one address after a check, one dropped with a request, or one that came within the second', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('open' as const), address: fc.constantFrom('192.0.2.1', '192.0.2.2') }),
      fc.record({
        do: fc.constantFrom('ask' as const, 'answer' as const, 'upgrade' as const),
        who: fc.nat(20),
      }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 400, 999, 1_000, 1_001, 5_000) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { open, ask, upgrade, pass } = fixture();
        const all: { socket: FakeSocket; waitedMs: number | undefined; answer?: () => void }[] = [];
        for (const one of steps) {
          if (one.do === 'open') all.push({ socket: open(one.address), waitedMs: 0 });
          if (one.do === 'pass') {
            const before = all.filter(({ socket }) => isOpen(socket));
            for (const each of before) if (each.waitedMs !== undefined) each.waitedMs += one.ms;
            pass(one.ms);
            const dropped = before.filter(({ socket }) => !isOpen(socket));
            expect(dropped.every(({ waitedMs = 0 }) => waitedMs > 1_000)).toBe(true);
            for (const address of ['192.0.2.1', '192.0.2.2']) {
              const left = all.filter(
                ({ socket, waitedMs = 0 }) =>
                  isOpen(socket) && socket.remoteAddress === address && waitedMs > 1_000,
              );
              expect(left.length).toBeLessThanOrEqual(most);
            }
          }
          const each = 'who' in one ? all[one.who] : undefined;
          if (each === undefined || !isOpen(each.socket)) continue;
          if (one.do === 'answer') {
            if (each.answer !== undefined) each.waitedMs = 0;
            each.answer?.();
            delete each.answer;
            continue;
          }
          if (each.waitedMs === undefined) continue;
          each.waitedMs = undefined;
          if (one.do === 'ask') each.answer = ask(each.socket);
          else upgrade(each.socket);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});
