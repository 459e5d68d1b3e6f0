import { randomUUID } from 'node:crypto';
import { silentLogger } from '../core/index.ts';
import { createSystemClock } from '../gateway/index.ts';
import { type GatewayStatus, type UpstreamConfig, Upstreams } from '../sources/upstreams/index.ts';

/** Time between two checks of the state of a link. */
const checkMs = 50;

/** A link to one upstream, for a test. */
export interface Probe {
  /** Resolves when `isDone` is true of its state, or after `timeoutMs`, with the state then. */
  until(isDone: (status: GatewayStatus) => boolean, timeoutMs: number): Promise<GatewayStatus>;
  close(): void;
}

/** Opens a link as a gateway would, and publishes none of its rows. */
export function openProbe(config: UpstreamConfig, version: string): Probe {
  const upstreams = new Upstreams({
    members: { addMember() {}, writeMember() {}, setMemberStatus() {}, removeMember() {} },
    clock: createSystemClock(),
    // Timers that keep the process alive: nothing else does.
    timers: {
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      soon: (run) => void setImmediate(run),
    },
    random: Math.random,
    logger: silentLogger,
    version,
    newId: randomUUID,
    ttlMs: 300_000,
    maxRows: 10_000,
    ownInstanceId: randomUUID(),
    ownName: randomUUID(),
  });
  upstreams.apply([config]);
  const status = (): GatewayStatus => upstreams.status()[0] as GatewayStatus;
  return {
    async until(isDone, timeoutMs) {
      const endMs = performance.now() + timeoutMs;
      while (!isDone(status()) && performance.now() < endMs)
        await new Promise((go) => setTimeout(go, checkMs));
      return status();
    },
    close: () => upstreams.close(),
  };
}

/** True when the link is settled, and what it lists was read. */
export function isSettled({ state, rows }: GatewayStatus): boolean {
  return state === 'up' ? rows > 0 : state !== 'connecting';
}
