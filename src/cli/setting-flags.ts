import type { Command } from 'commander';
import {
  flagOf,
  type Setting,
  type SettingName,
  settingNames,
  settingOf,
  variableOf,
} from '../gateway/settings.ts';

/** Adds one flag per setting, with its help and default. */
export function addSettingFlags(command: Command): void {
  for (const name of settingNames) {
    const setting = settingOf(name);
    command.option(`${flagOf(name)} <${placeholderOf(setting)}>`, `${setting.help}${defaultText(name)}`);
  }
}

/** What was typed, by setting; checked later, with the other sources. */
export function readSettingFlags(
  flags: Readonly<Record<string, unknown>>,
): Partial<Record<SettingName, string>> {
  const typed = settingNames.map((name) => [name, flags[name]] as const);
  return Object.fromEntries(typed.filter(([, value]) => typeof value === 'string'));
}

/** The part of the help on the sources of settings. */
export const settingsHelp: string = `
Each setting is also an environment variable and a key of the configuration file:
${flagOf('ttlMs')} is ${variableOf('ttlMs')} and "ttlMs". Flags win over variables, variables over the file.
The file is --config, else ROLLCALL_CONFIG, else ~/.config/rollcall/config.json when it exists, for
example {"port": 18789, "hiddenModes": ["cli"]}.
Give secrets by variable or file: other users can see the flags of a running program.`;

/** The placeholder of the value in the help: `--port <number>`. */
function placeholderOf(setting: Setting): string {
  switch (setting.type) {
    case 'integer':
      return setting.unit === 'milliseconds' ? 'ms' : (setting.unit ?? 'number');
    case 'choice':
      return setting.words.join('|');
    case 'boolean':
      return 'true|false';
    case 'json':
      return 'json';
    case 'text':
    case 'list':
      return setting.placeholder;
  }
}

function defaultText(name: SettingName): string {
  const value = settingOf(name).default;
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.length === 0 ? ' (default: none)' : ` (default: ${value.join(',')})`;
  return ` (default: ${String(value)})`;
}
