import { didYouMean } from '../core/index.ts';
import { settingFromText, settingProblem } from '../gateway/setting-check.ts';
import { relationProblems } from '../gateway/setting-relations.ts';
import {
  flagOf,
  isSettingName,
  type SettingName,
  type Settings,
  settingNames,
  settingOf,
  variableOf,
} from '../gateway/settings.ts';
import { type ConfigFile, type ConfigFileInput, readConfigFile } from './config-file.ts';
import { misused, ok, type Result } from './result.ts';

/** Where settings are read from. */
export interface SettingsInput extends ConfigFileInput {
  /** Flags as typed, by setting name; absent flags are absent. */
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
}

/** Settings with their origin. */
export interface ResolvedSettings {
  readonly settings: Settings;
  /** The configuration file in use, if any. */
  readonly configFile?: string;
  /** Variables that were ignored because they are service links of Kubernetes or Docker, not settings. */
  readonly ignored: readonly string[];
  /** `flag --port`, `ROLLCALL_PORT`, `FILE:LINE` or `default`. */
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
  readonly ignored: string[];
}

/** Variables with our prefix that are no settings of the gateway. */
const otherVariables: readonly string[] = ['ROLLCALL_CONFIG', 'ROLLCALL_URL'];

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
  const sources: Sources = { found: new Map(), problems: [], ignored: [] };
  addFile(sources, file.value);
  addEnvironment(sources, input.env);
  for (const name of settingNames) addText(sources, name, input.flags[name], `flag ${flagOf(name)}`);
  const checked = settingNames.map((name) => [name, checkedValue(sources, name)] as const);
  if (sources.problems.length > 0) return misused(sources.problems.join('\n'));
  const settings = Object.fromEntries(
    checked.filter(([, value]) => value !== undefined),
  ) as unknown as Settings;
  const originOf = (name: SettingName): string => sources.found.get(name)?.origin ?? 'default';
  const unfit = relationProblems(settings, (name) => `${name} (${originOf(name)})`);
  if (unfit.length > 0) return misused(unfit.join('\n'));
  const { ignored } = sources;
  return ok({ settings, ignored, originOf, ...(file.value && { configFile: file.value.path }) });
}

function addFile({ found, problems }: Sources, file: ConfigFile | undefined): void {
  if (file === undefined) return;
  for (const [key, value] of Object.entries(file.keys)) {
    const lines = file.lines.get(key) ?? [];
    const origin = [file.path, ...lines.slice(-1)].join(':');
    if (lines.length > 1) problems.push(`"${key}" stands twice in ${file.path}: lines ${lines.join(', ')}`);
    if (isSettingName(key)) found.set(key, { value, origin });
    else if (key !== '$schema') {
      problems.push(`unknown key "${key}" (${origin})${didYouMean(key, settingNames) || seeSettings}`);
    }
  }
}

function addEnvironment(sources: Sources, env: SettingsInput['env']): void {
  const names = new Map(settingNames.map((name) => [variableOf(name), name]));
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith('ROLLCALL_') || text === undefined || otherVariables.includes(variable))
      continue;
    const name = names.get(variable);
    if (isServiceLink(variable, text)) sources.ignored.push(variable);
    else if (name !== undefined) addText(sources, name, text || undefined, variable);
    else {
      const hint = didYouMean(variable, [...names.keys(), ...otherVariables]);
      sources.problems.push(`unknown environment variable ${variable}${hint || seeSettings}`);
    }
  }
}

const seeSettings = ': rollcall gateway --help lists the settings';

/**
 * True for what Kubernetes puts into each pod for a Service whose name begins with `rollcall`, and Docker for a link:
 * `X_SERVICE_HOST`, `X_SERVICE_PORT_HTTP`, `X_PORT=tcp://…`, `X_PORT_80_TCP_ADDR`, `X_NAME=/a/b`, `X_ENV_…`.
 */
function isServiceLink(variable: string, text: string): boolean {
  if (/_SERVICE_(HOST|PORT(_\w+)?)$/.test(variable)) return true;
  if (/_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT(_(START|END))?|ADDR|START|END))?$/.test(variable)) return true;
  if (variable.endsWith('_PORT')) return /^(tcp|udp|sctp):\/\//i.test(text);
  return /_ENV_\w+$/.test(variable) || (variable.endsWith('_NAME') && /^\/[^/\s]+\/[^/\s]+$/.test(text));
}

function addText(sources: Sources, name: SettingName, text: string | undefined, origin: string): void {
  if (text !== undefined) sources.found.set(name, { value: settingFromText(name, text), origin });
}

function checkedValue(sources: Sources, name: SettingName): unknown {
  const found = sources.found.get(name);
  if (found === undefined) return settingOf(name).default;
  const problem = settingProblem(name, found.value, `${name} (${found.origin})`);
  if (problem !== undefined) sources.problems.push(problem);
  return found.value;
}
