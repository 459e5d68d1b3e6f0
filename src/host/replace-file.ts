import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Replaces a file whole or not at all, whatever ends the process meanwhile: a draft beside it is written, synced to the disk, and
 * takes its place.
 *
 * @param mode its permissions; 0600 by default: its owner alone.
 * @throws the error of the system; the file is as it was, and there is no draft.
 */
export function replaceFile(file: string, data: string | Uint8Array, mode = 0o600): void {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = openSync(draft, 'wx', mode);
    try {
      // The mask of the process may have taken permissions away.
      fchmodSync(handle, mode);
      writeFileSync(handle, data);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
