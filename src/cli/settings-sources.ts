import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { misused, type Result, success } from './result.ts';
import { relationProblems } from './setting-relations.ts';
import { flagOf, type SettingName, type Settings, settingNames, settings, variableOf } from './settings.ts';

/** Where settings are read from. */
export interface SettingsInput {
  /** Flags as typed, by setting name; absent flags are absent. */
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--config FILE`. */
  readonly configFile?: string;
  readonly homeFolder: string;
}

/** Settings with their origin. */
export interface ResolvedSettings {
  readonly settings: Settings;
  /** `flag --port`, `ROLLCALL_PORT`, `FILE` or `default`. */
  originOf(name: SettingName): string;
}

/** A value as it was found, before it is checked. */
interface Found {
  readonly value: unknown;
  readonly origin: string;
}

interface Sources {
  readonly found: Map<SettingName, Found>;
  readonly problems: string[];
}

/** Variables with our prefix that are no settings of the gateway. */
const otherVariables: ReadonlySet<string> = new Set(['ROLLCALL_CONFIG', 'ROLLCALL_URL']);

/** What Kubernetes puts beside a pod when a Service is called `rollcall`. */
const serviceLink = /^ROLLCALL_(SERVICE_(HOST|PORT(_.*)?)|PORT_\d+_(TCP|UDP).*)$/;

/**
 * Reads the settings: flags over environment over configuration file over defaults.
 *
 * An unknown key, a value of the wrong type and a pair that does not fit together are named with where they were found and
 * what is expected; all problems are reported together, one line each. The file is `--config`, else `ROLLCALL_CONFIG`, else
 * `$XDG_CONFIG_HOME/rollcall/config.json` when it exists.
 */
export function readSettings(input: SettingsInput): Result<ResolvedSettings> {
  const file = readConfigFile(input);
  if (!file.ok) return file;
  const sources: Sources = { found: new Map(), problems: [] };
  addFile(sources, file.value);
  addEnvironment(sources, input.env);
  for (const name of settingNames) addText(sources, name, input.flags[name], `flag ${flagOf(name)}`);
  const checked = settingNames.map((name) => [name, checkedValue(sources, name)] as const);
  if (sources.problems.length > 0) return misused(sources.problems.join('\n'));
  const values = Object.fromEntries(
    checked.filter(([, value]) => value !== undefined),
  ) as unknown as Settings;
  const originOf = (name: SettingName): string => sources.found.get(name)?.origin ?? 'default';
  const unfit = relationProblems(values, originOf);
  return unfit.length > 0 ? misused(unfit.join('\n')) : success({ settings: values, originOf });
}

/** Where the configuration file is looked for when none is named. */
export function defaultConfigFile(input: Pick<SettingsInput, 'env' | 'homeFolder'>): string {
  const configHome = input.env['XDG_CONFIG_HOME'] || join(input.homeFolder, '.config');
  return join(configHome, 'rollcall', 'config.json');
}

interface ConfigFile {
  readonly path: string;
  readonly keys: Readonly<Record<string, unknown>>;
}

function readConfigFile(input: SettingsInput): Result<ConfigFile | undefined> {
  const named = input.configFile ?? (input.env['ROLLCALL_CONFIG'] || undefined);
  const path = named ?? defaultConfigFile(input);
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && named === undefined) return success(undefined);
    return misused(
      `cannot read the configuration file ${path}: ${code === 'ENOENT' ? 'no such file' : message}`,
    );
  }
  return parseConfigFile(path, content);
}

function parseConfigFile(path: string, content: string): Result<ConfigFile> {
  try {
    const keys: unknown = JSON.parse(content.replace(/^\uFEFF/, ''));
    if (typeof keys === 'object' && keys !== null && !Array.isArray(keys)) {
      return success({ path, keys: keys as Record<string, unknown> });
    }
  } catch (error) {
    return misused(`${path} is not valid JSON: ${withoutContent((error as Error).message)}`);
  }
  return misused(`${path} must hold one JSON object, for example {"port": 18789}`);
}

/** The parser's complaint without the piece of the file that it quotes: it may hold a secret. */
function withoutContent(message: string): string {
  return message.replace(/,? *(\.\.\.)?"[\s\S]*is not valid JSON/, '').replace(/\s+/g, ' ');
}

function addFile(sources: Sources, file: ConfigFile | undefined): void {
  if (file === undefined) return;
  for (const [key, value] of Object.entries(file.keys)) {
    if (isSettingName(key)) sources.found.set(key, { value, origin: file.path });
    else if (key !== '$schema') {
      sources.problems.push(`unknown key "${key}" in ${file.path}; known keys: ${settingNames.join(', ')}`);
    }
  }
}

function addEnvironment(sources: Sources, env: SettingsInput['env']): void {
  const known = new Set(settingNames.map(variableOf));
  for (const name of settingNames)
    addText(sources, name, env[variableOf(name)] || undefined, variableOf(name));
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith('ROLLCALL_') || known.has(variable) || otherVariables.has(variable)) continue;
    if (serviceLink.test(variable)) continue;
    sources.problems.push(
      `unknown environment variable ${variable}; known: ${[...known, ...otherVariables].join(', ')}`,
    );
  }
}

function addText(sources: Sources, name: SettingName, text: string | undefined, origin: string): void {
  if (text !== undefined) sources.found.set(name, { value: settings[name].kind.fromText(text), origin });
}

function checkedValue(sources: Sources, name: SettingName): unknown {
  const setting = settings[name];
  const found = sources.found.get(name);
  if (found === undefined) return setting.default;
  if (!setting.kind.accepts(found.value)) sources.problems.push(problemWith(name, found));
  return found.value;
}

function problemWith(name: SettingName, found: Found): string {
  const { kind, secret } = settings[name];
  const got = secret ? 'something else' : JSON.stringify(found.value);
  const link = String(found.value).startsWith('tcp://')
    ? ' (Kubernetes sets this for a Service named rollcall: use enableServiceLinks: false)'
    : '';
  return `${name} (${found.origin}) must be ${kind.expected}, but is ${got}${link}`;
}

function isSettingName(key: string): key is SettingName {
  return Object.hasOwn(settings, key);
}
