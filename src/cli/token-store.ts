import { join } from 'node:path';
import type { NamedToken } from '../gateway/access/named-token.ts';
import { readTokensFile, tokensFileText } from '../gateway/access/tokens-file.ts';
import type { Result } from './result.ts';
import { changeStoredList, readStoredList, type StoredList } from './stored-list.ts';

/** The file of the named tokens; a running gateway watches it. */
export function tokensFileOf(folder: string): string {
  return join(folder, 'tokens.json');
}

/** The stored named tokens. */
export function readTokens(folder: string): Result<readonly NamedToken[]> {
  return readStoredList(storedTokens(folder));
}

/** Changes the stored named tokens, as {@link changeStoredList} does. */
export function changeTokens(
  folder: string,
  change: (tokens: readonly NamedToken[]) => Result<readonly NamedToken[]>,
): Result<void> {
  return changeStoredList(folder, storedTokens(folder), change);
}

function storedTokens(folder: string): StoredList<NamedToken> {
  return {
    ...{ file: tokensFileOf(folder), what: 'tokens file', command: 'rollcall token' },
    ...{ read: readTokensFile, text: tokensFileText },
  };
}
