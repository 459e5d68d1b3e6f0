import type { Facts } from '../core/facts.ts';
import { fields } from './wire.ts';

/** What a beacon may say: any fact of the instance; absent facts are left as they are (PK5). */
export interface BeaconFields extends Facts {
  /** Remove lastInputSeconds from the row: the idle time is no longer known. */
  readonly clearLastInput?: boolean;
}

/** What became of a beacon. A refusal is a value: presence is best effort. */
export type BeaconResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly retryable: boolean };

/** The result of a beacon that failed with `error`: a refusal of the gateway, or no answer at all, which may pass. */
export function beaconFailure(error: unknown): BeaconResult {
  const refused = fields<{ code: string; details: unknown; retryable: boolean }>(error);
  const { code = refused.code ?? 'NO_ANSWER' } = fields<{ code: string }>(refused.details);
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, code, message, retryable: refused.retryable ?? true };
}

/** The tag by which a beacon takes lastInputSeconds back. */
const clearLastInputTag = 'system-presence-clear-last-input';

/**
 * The parameters of a `system-event` that says `fields` about the instance `own`.
 *
 * The text begins with `Node:`, by which an OpenClaw gateway tells a beacon from a message for its sessions.
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
