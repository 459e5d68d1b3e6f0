import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type UpstreamConfig, upstreamsProblem } from '../sources/upstreams/upstream-config.ts';
import { readUpstreamsFile, upstreamsFileText } from '../sources/upstreams/upstreams-file.ts';
import { misused, ok, type Result, refused } from './result.ts';
import { ensureStateFolder } from './state-folder.ts';

/** The file that keeps the upstreams of `rollcall upstream add`; a running gateway follows it. */
export function upstreamsFileOf(folder: string): string {
  return join(folder, 'upstreams.json');
}

/** A file of the state folder for the secret of one upstream. */
export function secretFileOf(folder: string, name: string, kind: 'token' | 'device'): string {
  return join(folder, `upstream-${name.toLowerCase()}.${kind === 'device' ? 'device.json' : 'token'}`);
}

/** The upstreams that are kept. */
export function readUpstreams(folder: string): Result<readonly UpstreamConfig[]> {
  try {
    return ok(readUpstreamsFile(upstreamsFileOf(folder)));
  } catch (error) {
    return refused((error as Error).message);
  }
}

/**
 * Changes the upstreams that are kept; `change` returns the new ones or why not.
 *
 * The file changes whole or not at all and is readable by its owner only (0600); of two changes at once the second is
 * refused.
 */
export function changeUpstreams(
  folder: string,
  change: (upstreams: readonly UpstreamConfig[]) => Result<readonly UpstreamConfig[]>,
): Result<void> {
  const ready = ensureStateFolder(folder);
  if (!ready.ok) return ready;
  const file = upstreamsFileOf(folder);
  const draft = `${file}.new`;
  const handle = openDraft(draft);
  if (!handle.ok) return handle;
  let isDone = false;
  try {
    const before = readUpstreams(folder);
    const after = before.ok ? change(before.value) : before;
    if (!after.ok) return after;
    const problem = upstreamsProblem(after.value);
    if (problem !== undefined) return misused(problem);
    writeFileSync(handle.value, upstreamsFileText(after.value));
    fsyncSync(handle.value);
    renameSync(draft, file);
    isDone = true;
    return ok(undefined);
  } catch (error) {
    return refused(`cannot write the upstreams file ${file}: ${(error as Error).message}`);
  } finally {
    closeSync(handle.value);
    if (!isDone) rmSync(draft, { force: true });
  }
}

/** The draft is the lock too: only one process makes it. */
function openDraft(draft: string): Result<number> {
  try {
    return ok(openSync(draft, 'wx', 0o600));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return refused(`cannot write ${draft}: ${message}`);
    return refused(`another rollcall upstream command is at work; if there is none, delete ${draft}`);
  }
}

/** Keeps a secret in a file of its own (0600), in place of the one that was there. */
export function keepSecret(file: string, secret: string): void {
  const draft = `${file}.new`;
  rmSync(draft, { force: true });
  const handle = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(handle, `${secret}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
}
