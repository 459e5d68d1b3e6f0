import { ageMs, type Status, statusOf } from '../core/status.ts';
import type { Instance } from './instance.ts';

/** Status of a row at a moment of the gateway's clock (PS1, PS2): `statusAt(row, client.serverNowMs())`. The gateway itself is always active. */
export function statusAt(instance: Pick<Instance, 'ts' | 'self'>, serverNowMs: number): Status {
  return instance.self ? 'active' : statusOf(ageMs(instance, serverNowMs));
}
