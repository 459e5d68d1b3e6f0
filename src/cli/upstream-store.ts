import { join } from 'node:path';
import { replaceFile } from '../host/index.ts';
import { type UpstreamConfig, upstreamsProblem } from '../sources/upstreams/upstream-config.ts';
import { readUpstreamsFile, upstreamsFileText } from '../sources/upstreams/upstreams-file.ts';
import { misused, type Result } from './result.ts';
import { changeStoredList, readStoredList, type StoredList } from './stored-list.ts';

/** The file of the upstreams of `rollcall upstream add`; a running gateway watches it. */
export function upstreamsFileOf(folder: string): string {
  return join(folder, 'upstreams.json');
}

/** A file of the state folder for the secret of one upstream. */
export function secretFileOf(folder: string, name: string, kind: 'token' | 'device'): string {
  return join(folder, `upstream-${name.toLowerCase()}.${kind === 'device' ? 'device.json' : 'token'}`);
}

/** The stored upstreams. */
export function readUpstreams(folder: string): Result<readonly UpstreamConfig[]> {
  return readStoredList(storedUpstreams(folder));
}

/** Changes the stored upstreams, as {@link changeStoredList} does, to those that a gateway accepts. */
export function changeUpstreams(
  folder: string,
  change: (upstreams: readonly UpstreamConfig[]) => Result<readonly UpstreamConfig[]>,
): Result<void> {
  return changeStoredList(folder, storedUpstreams(folder), (before) => {
    const after = change(before);
    const problem = after.ok ? upstreamsProblem(after.value) : undefined;
    return problem === undefined ? after : misused(problem);
  });
}

function storedUpstreams(folder: string): StoredList<UpstreamConfig> {
  return {
    ...{ file: upstreamsFileOf(folder), what: 'upstreams file', command: 'rollcall upstream' },
    ...{ read: readUpstreamsFile, text: upstreamsFileText },
  };
}

/** Writes a secret to a file of its own (0600), replacing an earlier one. */
export function keepSecret(file: string, secret: string): void {
  replaceFile(file, `${secret}\n`);
}
