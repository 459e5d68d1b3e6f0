import { readSecretFile } from '../gateway/access/tokens-file.ts';
import { type Result, refused, success } from './result.ts';

/** The one line that a secret file holds. */
export function readSecret(file: string): Result<string> {
  try {
    return success(readSecretFile(file));
  } catch (error) {
    return refused((error as Error).message);
  }
}
