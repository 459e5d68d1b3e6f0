import ipaddr from 'ipaddr.js';
import { isAddress } from '../core/index.ts';
import { isOrigin, originHint } from './access/origin.ts';
import { JSON_SETTINGS } from './setting-json.ts';
import { type Setting, type SettingName, settingOf } from './settings.ts';

/** Most items of a list. */
const maxListItems = 1_000;

/** What values a setting takes; completes "must be …". */
export function expectedOf(setting: Setting): string {
  switch (setting.type) {
    case 'integer':
      return `a whole number${setting.unit === undefined ? '' : ` of ${setting.unit}`} from ${setting.min} to ${setting.max}`;
    case 'choice':
      return `one of ${setting.words.join(', ')}`;
    case 'boolean':
      return 'true or false';
    case 'json':
      return JSON_SETTINGS[setting.of].expected;
    case 'text':
    case 'list':
      return setting.expected;
  }
}

/** JSON Schema of the value of a setting in the configuration file. */
export function schemaOfSetting(setting: Setting): object {
  switch (setting.type) {
    case 'integer':
      return { type: 'integer', minimum: setting.min, maximum: setting.max };
    case 'choice':
      return { enum: setting.words };
    case 'boolean':
      return { type: 'boolean' };
    case 'json':
      return JSON_SETTINGS[setting.of].schema;
    case 'text':
      return { type: 'string', minLength: 1, pattern: setting.pattern ?? '\\S' };
    case 'list':
      return { type: 'array', items: { type: 'string', pattern: '\\S' }, maxItems: maxListItems };
  }
}

/**
 * What is wrong with a value of a setting, as a sentence that begins with its name; `undefined` when nothing is.
 *
 * `label` stands for the name, for example with the place where the value was found. A secret is never repeated.
 */
export function settingProblem(name: SettingName, value: unknown, label: string = name): string | undefined {
  const setting = settingOf(name);
  if (accepts(setting, value)) return undefined;
  const inside = setting.type === 'json' ? JSON_SETTINGS[setting.of].problem(value) : undefined;
  if (inside !== undefined && typeof value === 'object' && value !== null) return `${label}: ${inside}`;
  const got = setting.secret ? 'something else' : shown(value);
  return `${label} must be ${expectedOf(setting)}, but is ${got}${hintOf(setting, value)}`;
}

/** What to write instead, for the first item of a list that is a near miss. */
function hintOf(setting: Setting, value: unknown): string {
  if (setting.type !== 'list' || setting.item !== 'origin' || !Array.isArray(value)) return '';
  const miss = value.find((item) => typeof item === 'string' && !isOrigin(item));
  const hint = originHint(String(miss ?? ''));
  return hint === undefined ? '' : ` (${hint})`;
}

/** Reads a flag or a variable; what cannot be read comes back as it is, and {@link settingProblem} refuses it. */
export function settingFromText(name: SettingName, text: string): unknown {
  const setting = settingOf(name);
  switch (setting.type) {
    case 'integer':
      return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text;
    case 'choice':
      return text.trim();
    case 'boolean':
      return { true: true, false: false }[text.trim()] ?? text;
    case 'list':
      return splitList(text);
    case 'json':
      return fromJson(text, setting.default);
    case 'text':
      return text;
  }
}

/** `a, b,c` as `['a', 'b', 'c']`; blank items are left out. */
export function splitList(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function accepts(setting: Setting, value: unknown): boolean {
  switch (setting.type) {
    case 'integer':
      return Number.isSafeInteger(value) && Number(value) >= setting.min && Number(value) <= setting.max;
    case 'choice':
      return typeof value === 'string' && setting.words.includes(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'json':
      return JSON_SETTINGS[setting.of].problem(value) === undefined;
    case 'text':
      return typeof value === 'string' && value !== '' && new RegExp(setting.pattern ?? '\\S').test(value);
    case 'list':
      return Array.isArray(value) && value.length <= maxListItems && value.every(itemCheck(setting.item));
  }
}

function itemCheck(item: 'addressRange' | 'origin' | undefined): (value: unknown) => boolean {
  return (value) => {
    if (typeof value !== 'string' || value.trim() === '') return false;
    if (item === 'addressRange') return isAddressRange(value);
    return item === 'origin' ? isOrigin(value) : true;
  };
}

function isAddressRange(item: string): boolean {
  return isAddress(item.split('/', 1)[0] ?? '') && (!item.includes('/') || ipaddr.isValidCIDR(item));
}

function fromJson(text: string, empty: unknown): unknown {
  if (text.trim() === '') return empty;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Numbers that JSON does not have are shown as JavaScript writes them. */
function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
