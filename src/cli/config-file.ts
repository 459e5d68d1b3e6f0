import { join } from 'node:path';
import { configHome, readTextFile } from '../host/index.ts';
import { misused, ok, type Result } from './result.ts';

/** Where the configuration file is searched. */
export interface ConfigFileInput {
  /** `--config FILE`. */
  readonly configFile?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string | undefined;
}

/** The configuration file as it was read. */
export interface ConfigFile {
  readonly path: string;
  readonly keys: Readonly<Record<string, unknown>>;
  /** Lines of the top-level keys, from 1; a key that stands there twice has two. */
  readonly lines: ReadonlyMap<string, readonly number[]>;
}

/** `--config`, else `ROLLCALL_CONFIG`, else `$XDG_CONFIG_HOME/rollcall/config.json` (`~/.config/…`). */
export function configFilePath(input: ConfigFileInput): string | undefined {
  const home = configHome(input.env, input.homeFolder);
  return namedFile(input) ?? (home === undefined ? undefined : join(home, 'rollcall', 'config.json'));
}

/** Reads the file; `undefined` when none is named and the default one is not there. Problems name the line. */
export function readConfigFile(input: ConfigFileInput): Result<ConfigFile | undefined> {
  const path = configFilePath(input);
  if (path === undefined) return ok(undefined);
  let content: string;
  try {
    content = readTextFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && namedFile(input) === undefined) return ok(undefined);
    return misused(
      `cannot read the configuration file ${path}: ${code === 'ENOENT' ? 'no such file' : message}`,
    );
  }
  return parseConfigFile(path, content.replace(/^\uFEFF/, ''));
}

function namedFile({ configFile, env }: ConfigFileInput): string | undefined {
  return configFile ?? (env['ROLLCALL_CONFIG'] || undefined);
}

function parseConfigFile(path: string, content: string): Result<ConfigFile> {
  try {
    const keys: unknown = JSON.parse(content);
    if (typeof keys === 'object' && keys !== null && !Array.isArray(keys)) {
      return ok({ path, keys: keys as Record<string, unknown>, lines: topLevelKeys(content) });
    }
  } catch (error) {
    const { message } = error as Error;
    return misused(`${path}:${lineOfFault(message, content)} is not valid JSON: ${withoutContent(message)}`);
  }
  return misused(`${path} must hold one JSON object, for example {"port": 18789}`);
}

/** The error of the parser contains a position, or a token, or the end. */
function lineOfFault(message: string, content: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  return lineAt(content, position === undefined ? content.trimEnd().length : Number(position));
}

/** The parser's error without the part of the file that it quotes, which may hold a secret. */
function withoutContent(message: string): string {
  return message
    .replace(/,? *(\.\.\.)?"[\s\S]*is not valid JSON/, '')
    .replace(/ (in JSON )?at position.*/, '')
    .replace(/\s+/g, ' ');
}

/** The lines of the keys of an object, in valid JSON: keys are the texts before a colon, one brace deep. */
function topLevelKeys(content: string): ReadonlyMap<string, readonly number[]> {
  const lines = new Map<string, number[]>();
  let depth = 0;
  for (const match of content.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    const [token, text, colon] = match;
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && text !== undefined && colon !== undefined) {
      const key = JSON.parse(text) as string;
      lines.set(key, [...(lines.get(key) ?? []), lineAt(content, match.index)]);
    }
  }
  return lines;
}

function lineAt(content: string, position: number): number {
  return content.slice(0, position).split('\n').length;
}
