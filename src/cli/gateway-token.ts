import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ok, type Result } from './result.ts';
import { ensureStateFolder } from './state-folder.ts';
import { readStoredLine, storeLine } from './stored-line.ts';

/** The token that the gateway made for itself. */
export interface StoredToken {
  readonly token: string;
  /** The file that keeps it. */
  readonly file: string;
  /** True at the run that made it: the only one that may show it. */
  readonly generated: boolean;
}

/** The file that keeps the generated token. */
export function gatewayTokenFile(folder: string): string {
  return join(folder, 'gateway-token');
}

/** The token of an earlier start, or `undefined` when there was none. */
export function readGatewayToken(folder: string | undefined): Result<StoredToken | undefined> {
  if (folder === undefined) return ok(undefined);
  const file = gatewayTokenFile(folder);
  const kept = readStoredLine(file, 'token');
  if (!kept.ok) return kept;
  return ok(kept.value === undefined ? undefined : { token: kept.value, file, generated: false });
}

/**
 * The generated token: that of the last start, else a new one of 256 random bits (PA1).
 *
 * Of two gateways that start at once, both use the same token. A file that others can read is refused.
 */
export function obtainGatewayToken(folder: string | undefined): Result<StoredToken> {
  const ready = ensureStateFolder(folder);
  if (!ready.ok) return ready;
  const earlier = readGatewayToken(ready.value);
  if (!earlier.ok) return earlier;
  if (earlier.value !== undefined) return ok(earlier.value);
  const file = gatewayTokenFile(ready.value);
  const fresh = randomBytes(32).toString('base64url');
  const kept = storeLine(file, 'token', fresh);
  return kept.ok ? ok({ token: kept.value, file, generated: kept.value === fresh }) : kept;
}
