import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type SettingName, settingNames, settingOf } from '../gateway/settings.ts';
import type { CommandContext } from './command-context.ts';
import { type ConfigFileInput, configFilePath } from './config-file.ts';
import { misused, ok, type Result, refused } from './result.ts';
import { readSecret } from './secret-file.ts';
import { type ResolvedSettings, readSettings } from './settings-sources.ts';
import { type Column, layTable } from './text-table.ts';

/** Flags of `rollcall config …`. */
export interface ConfigFlags {
  /** `--config FILE`. */
  readonly config?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `rollcall config init`: writes a configuration file to start from, readable by its owner only. */
export function initConfig(context: CommandContext, flags: ConfigFlags): Result<void> {
  const path = configFilePath(inputOf(context, flags));
  if (path === undefined) return misused('there is no folder for the file: name it with --config FILE');
  const content = `${JSON.stringify(startingSettings(context), undefined, 2)}\n`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content, { mode: 0o600, flag: flags.force === true ? 'w' : 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return refused(`cannot write ${path}: ${message}`);
    return refused(`${path} exists already: edit it, or replace it with --force`);
  }
  context.shell.print(`Wrote ${path}. Edit it, then check it: rollcall config check`);
  return ok(undefined);
}

/** `rollcall config check`: prints the problems that `rollcall gateway` would find in its settings, without starting it. */
export function checkConfig(context: CommandContext, flags: ConfigFlags): Result<void> {
  const read = readSettings({ ...inputOf(context, flags), flags: {} });
  if (!read.ok) return read;
  const unreadable = secretFileProblem(read.value);
  if (unreadable !== undefined) return misused(unreadable);
  const { configFile, originOf, ignored } = read.value;
  const { shell } = context;
  shell.print(`ok: ${configFile ?? 'no configuration file'}`);
  const set = settingNames.filter((name) => originOf(name) !== 'default');
  for (const name of set) shell.print(`  ${name} (${originOf(name)})`);
  for (const variable of ignored) shell.complain(`ignored: ${variable} is a service link, not a setting`);
  return ok(undefined);
}

/** `rollcall config show`: every setting in force, and where its value comes from. Secrets are not shown. */
export function showConfig(context: CommandContext, flags: ConfigFlags): Result<void> {
  const read = readSettings({ ...inputOf(context, flags), flags: {} });
  if (!read.ok) return read;
  const { shell } = context;
  const rows = settingNames.map((name) => shownRow(name, read.value));
  if (flags.json === true) {
    const values = rows.map(({ name, value, origin }) => [name, { value, origin }] as const);
    shell.print(JSON.stringify(Object.fromEntries(values), undefined, 2));
  } else shell.print(layTable({ columns, rows, width: shell.columns }));
  return ok(undefined);
}

interface ShownRow {
  readonly name: SettingName;
  readonly value: unknown;
  readonly origin: string;
}

const columns: readonly Column<ShownRow>[] = [
  { title: 'SETTING', cell: ({ name }) => name, dropRank: 0 },
  { title: 'VALUE', cell: ({ value }) => valueText(value), dropRank: 0, minWidth: 12 },
  { title: 'FROM', cell: ({ origin }) => origin, dropRank: 1, minWidth: 12 },
];

function shownRow(name: SettingName, { settings, originOf }: ResolvedSettings): ShownRow {
  const value: unknown = settings[name];
  const isHidden = settingOf(name).secret === true && originOf(name) !== 'default';
  return { name, value: isHidden ? '(secret)' : value, origin: originOf(name) };
}

function valueText(value: unknown): string {
  if (value === undefined) return '—';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.join(',') || 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A secret file that a start would refuse. */
function secretFileProblem({ settings }: ResolvedSettings): string | undefined {
  for (const name of ['tokenFile', 'passwordFile'] as const) {
    const file = settings[name];
    const secret = file === undefined ? undefined : readSecret(file);
    if (secret?.ok === false) return `${name}: ${secret.error.message}`;
  }
  return undefined;
}

/** What people change first, with its defaults. */
function startingSettings({ schemaFile }: CommandContext): object {
  const names: readonly SettingName[] = ['port', 'bind', 'auth', 'maxEntries', 'hiddenModes', 'logLevel'];
  const defaults = names.map((name) => [name, settingOf(name).default] as const);
  return { ...(schemaFile !== undefined && { $schema: schemaFile }), ...Object.fromEntries(defaults) };
}

function inputOf({ shell }: CommandContext, { config }: ConfigFlags): ConfigFileInput {
  return {
    env: shell.env,
    homeFolder: shell.homeFolder,
    ...(config !== undefined && { configFile: config }),
  };
}
