import { describe, expect, it } from 'vitest';
import { rosterRules } from '../core/roster-options.ts';
import { gatewaySettings } from './gateway-options.ts';
import { schemaOfSetting, settingFromText, settingProblem } from './setting-check.ts';
import { flagOf, optionNames, SETTINGS, settingNames, settingOf, variableOf } from './settings.ts';

const known = new Set(
  'type unit min max default help secret command beyond expected placeholder pattern words item of'.split(
    ' ',
  ),
);
const auth = { mode: 'token', token: 't' } as const;

describe('the table of settings', () => {
  it('derives flag and variable from the name', () => {
    expect(flagOf('ttlMs')).toBe('--ttl-ms');
    expect(variableOf('maxEntries')).toBe('ROLLCALL_MAX_ENTRIES');
  });

  it.each(settingNames)('%s has a default that it accepts itself, from a file and from text', (name) => {
    const value = settingOf(name).default;
    if (value === undefined) return;
    expect(settingProblem(name, value)).toBeUndefined();
    expect(settingFromText(name, String(value))).toEqual(value);
  });

  it.each(settingNames)('%s has only properties that mean something, and a schema', (name) => {
    expect(Object.keys(SETTINGS[name]).filter((key) => !known.has(key))).toEqual([]);
    expect(JSON.stringify(schemaOfSetting(settingOf(name)))).not.toBe('{}');
  });

  it('has names that differ as flags and variables', () => {
    expect(new Set(settingNames.map(flagOf)).size).toBe(settingNames.length);
    expect(new Set(settingNames.map(variableOf)).size).toBe(settingNames.length);
  });

  it('shows no secret by config.get', () => {
    const shown = optionNames.filter((name) => settingOf(name).secret !== true);
    expect(shown).toContain('ttlMs');
    expect(shown).not.toContain('tokens');
  });

  it('[PT1] [PT3] [PR4] has the defaults of the roster', () => {
    const roster = rosterRules({});
    const { ttlMs, maxEntries, hiddenModes, transientModes } = SETTINGS;
    expect(roster).toEqual({
      ttlMs: ttlMs.default,
      maxEntries: maxEntries.default,
      hiddenModes: new Set(hiddenModes.default),
      transientModes: new Set(transientModes.default),
    });
  });
});

const integers = optionNames.filter((name) => settingOf(name).type === 'integer');

describe.each(integers)('%s as an option', (name) => {
  const setting = settingOf(name);
  if (setting.type !== 'integer') throw new TypeError('unreachable');
  const { min, max, unit } = setting;

  it.each([min - 1, max + 1, min + 0.5, Number.NaN, Number.POSITIVE_INFINITY, null, '5'])(
    '[PL1] [PL2] [PL3] refuses %s',
    (wrong) => {
      const what = `a whole number${unit === undefined ? '' : ` of ${unit}`}`;
      const got = typeof wrong === 'string' ? `"${wrong}"` : wrong;
      expect(() => gatewaySettings({ auth, [name]: wrong })).toThrow(
        new TypeError(`${name} must be ${what} from ${min} to ${max}, but is ${got}`),
      );
    },
  );

  it('has its default when it is undefined', () => {
    expect(gatewaySettings({ auth, [name]: undefined })[name]).toBe(setting.default);
  });
});
