import { readSecretFile } from '../gateway/access/tokens-file.ts';
import { ok, type Result, refused } from './result.ts';

/** The one line that a secret file holds. */
export function readSecret(file: string): Result<string> {
  try {
    return ok(readSecretFile(file));
  } catch (error) {
    return refused((error as Error).message);
  }
}
