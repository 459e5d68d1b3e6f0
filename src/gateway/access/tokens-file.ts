import { readPrivateFile, readTextFile } from '../../host/index.ts';
import { type NamedToken, type NamedTokenOption, tokensProblem } from './named-token.ts';
import { hashSecret, secretProblem } from './secret-text.ts';

/**
 * Reads the named tokens that `rollcall token` keeps; a file that is not there holds none.
 *
 * Throws `TypeError` that names the file for one that others may read or write, or that holds something else.
 */
export function readTokensFile(file: string): readonly NamedToken[] {
  const content = readPrivateFile(file, 'the tokens file');
  if (content === undefined) return [];
  const tokens = parseTokens(content);
  const problem = tokensProblem(tokens);
  if (problem !== undefined) throw new TypeError(`the tokens file ${file} cannot be used: ${problem}`);
  return tokens as readonly NamedToken[];
}

/** The text that {@link readTokensFile} reads. */
export function tokensFileText(tokens: readonly NamedToken[]): string {
  return `${JSON.stringify({ tokens }, undefined, 2)}\n`;
}

/**
 * Named tokens of the configuration, those with a file read and hashed.
 *
 * Throws `TypeError` for a file that cannot be read or that holds a secret of fewer than 16 characters.
 */
export function resolveTokens(options: readonly NamedTokenOption[]): readonly NamedToken[] {
  return options.map((option) => {
    if (!('tokenFile' in option)) return option;
    const { tokenFile, ...token } = option;
    const secret = readSecretFile(tokenFile);
    if (secret.length < 16)
      throw new TypeError(`the secret in ${tokenFile} is too short: take 16 characters or more`);
    return { ...token, tokenHash: hashSecret(secret).toString('hex') };
  });
}

/**
 * The secret that a file holds, without the end of its line. Throws `TypeError` for a file that cannot be read, or with no
 * line or several.
 *
 * The mode of the file is not checked: container platforms mount secrets as files that everybody in the container can read.
 */
export function readSecretFile(file: string): string {
  let content: string;
  try {
    content = readTextFile(file);
  } catch (error) {
    throw new TypeError(`cannot read the secret file ${file}: ${(error as Error).message}`);
  }
  const secret = content.trim();
  if (secret === '' || /[\r\n]/.test(secret)) {
    throw new TypeError(`the secret file ${file} must hold one line`);
  }
  const problem = secretProblem(secret);
  if (problem !== undefined) throw new TypeError(`the secret in ${file} ${problem}`);
  return secret;
}

function parseTokens(content: string): unknown {
  try {
    return (JSON.parse(content) as { tokens?: unknown } | null)?.tokens;
  } catch {
    return undefined;
  }
}
