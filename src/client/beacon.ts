import type { Facts } from '../core/facts.ts';
import type { ClientLogger } from './client-state.ts';
import { fields } from './wire.ts';

/** The facts of a beacon: any of the instance; absent facts are left as they are (PK5). */
export interface BeaconFields extends Facts {
  /** Remove lastInputSeconds from the row: the idle time is no longer known. */
  readonly clearLastInput?: boolean;
}

/** The result of a beacon. A refusal is a value: presence is best effort. */
export type BeaconResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly retryable: boolean };

/** The result of a beacon that failed with `error`: a refusal of the gateway, or no answer at all, which may be temporary. */
export function beaconFailure(error: unknown): BeaconResult {
  const refused = fields<{ code: string; details: unknown; retryable: boolean }>(error);
  const { code = refused.code ?? 'NO_ANSWER' } = fields<{ code: string }>(refused.details);
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, code, message, retryable: refused.retryable ?? true };
}

/** The tag by which a beacon clears lastInputSeconds. */
const clearLastInputTag = 'system-presence-clear-last-input';

/**
 * The parameters of a `system-event` that reports `fields` of the instance `own`.
 *
 * The text begins with `Node:`, by which an OpenClaw gateway distinguishes a beacon from a message for its sessions.
 */
export function beaconParams(own: Facts, fields: BeaconFields): Record<string, unknown> {
  const { clearLastInput = false, ...said } = fields;
  const facts: Facts = { ...own, ...said };
  const tags = clearLastInput ? [...(facts.tags ?? []), clearLastInputTag] : facts.tags;
  return { ...facts, text: facts.text ?? beaconText(facts), ...(tags && { tags }) };
}

function beaconText(facts: Facts): string {
  const { host, ip, version, lastInputSeconds, mode, reason } = facts;
  const parts = [
    `Node: ${host ?? facts.instanceId ?? 'unknown'}${ip ? ` (${ip})` : ''}`,
    version && `app ${version}`,
    lastInputSeconds === undefined ? undefined : `last input ${lastInputSeconds}s ago`,
    mode && `mode ${mode}`,
    reason && `reason ${reason}`,
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Sends beacons by itself while connected. */
export interface BeaconLoop {
  start(): void;
  stop(): void;
}

/** What a beacon loop depends on. */
export interface BeaconLoopDeps {
  readonly intervalMs: number;
  fields(): BeaconFields | Promise<BeaconFields>;
  send(fields: BeaconFields): Promise<BeaconResult>;
  readonly logger?: ClientLogger;
}

/** Beacons every `intervalMs`, reason `periodic`, until stopped or until the gateway refuses them for good. */
export function createBeaconLoop(deps: BeaconLoopDeps): BeaconLoop {
  let timer: ReturnType<typeof setInterval> | undefined;
  const stop = (): void => clearInterval(timer);

  const beacon = async (): Promise<void> => {
    const result = await deps.send({ reason: 'periodic', ...(await deps.fields()) });
    if (result.ok || result.retryable) return;
    stop();
    deps.logger?.warn(`the gateway takes no beacons on this connection: ${result.message}`);
  };
  const attempt = (): void => {
    beacon().catch((error: unknown) => deps.logger?.warn(`the beacon failed: ${String(error)}`));
  };
  return {
    start() {
      stop();
      if (deps.intervalMs > 0) timer = setInterval(attempt, deps.intervalMs);
    },
    stop,
  };
}
