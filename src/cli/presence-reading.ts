import type { ListedRow } from '../core/index.ts';
import type { GatewayCall } from './gateway-call.ts';
import { ok, type Result, refused } from './result.ts';

/** The roster as one gateway answered it. */
export interface PresenceReading {
  readonly rows: readonly ListedRow[];
  /** The gateway's clock when it answered (PS2). */
  readonly nowMs: number;
  /** True when the gateway dropped rows because there were too many. */
  readonly truncated: boolean;
}

/**
 * Reads the roster: by `presence.list` where the gateway serves it, which counts connections, else by `system-presence`.
 */
export async function readPresence(call: GatewayCall): Promise<Result<PresenceReading>> {
  if (!call.serves('presence.list')) return readSystemPresence(call);
  const answer = await call.request('presence.list');
  if (!answer.ok) return answer;
  const { instances, now, truncated } = answer.value as {
    instances?: unknown;
    now?: unknown;
    truncated?: unknown;
  };
  if (!isRowList(instances) || typeof now !== 'number') return unreadable('presence.list');
  return ok({ rows: instances, nowMs: now, truncated: truncated === true });
}

/** The array of `system-presence` as the gateway answered it, unchanged. */
export async function readEntries(call: GatewayCall): Promise<Result<readonly ListedRow[]>> {
  const answer = await call.request('system-presence');
  if (!answer.ok) return answer;
  return isRowList(answer.value) ? ok(answer.value) : unreadable('system-presence');
}

async function readSystemPresence(call: GatewayCall): Promise<Result<PresenceReading>> {
  const entries = await readEntries(call);
  if (!entries.ok) return entries;
  return ok({ rows: entries.value, nowMs: gatewayClock(call, entries.value), truncated: false });
}

/** A gateway renews its own row whenever it is read; of one without such a row the challenge has its time. */
function gatewayClock(call: GatewayCall, rows: readonly ListedRow[]): number {
  const self = rows.find((row) => row.mode === 'gateway' && row.reason === 'self');
  return self?.ts ?? call.gatewayNowMs();
}

function isRowList(value: unknown): value is readonly ListedRow[] {
  return (
    Array.isArray(value) &&
    value.every((row) => typeof row === 'object' && row !== null && typeof row.ts === 'number')
  );
}

function unreadable(method: string): Result<never> {
  return refused(
    `the gateway's answer to ${method} is not a list of instances: is it an OpenClaw or Rollcall gateway?`,
  );
}
