import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ok, type Result } from './result.ts';
import { ensureStateFolder } from './state-folder.ts';
import { readStoredLine, storeLine } from './stored-line.ts';

/**
 * The instance id of the gateway's own row, the same at every start (PR1).
 *
 * One per port, so that two gateways of one user are two instances. Port 0 is another one each time, and so is its id.
 */
export function obtainInstanceId(folder: string | undefined, port: number): Result<string> {
  if (port === 0) return ok(randomUUID());
  const ready = ensureStateFolder(folder);
  if (!ready.ok) return ready;
  const file = join(ready.value, `gateway-id-${port}`);
  const earlier = readStoredLine(file, 'instance id');
  if (!earlier.ok) return earlier;
  return earlier.value === undefined ? storeLine(file, 'instance id', randomUUID()) : ok(earlier.value);
}
