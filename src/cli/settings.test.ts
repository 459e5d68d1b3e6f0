import { describe, expect, it } from 'vitest';
import { flagOf, settingNames, settings, variableOf } from './settings.ts';

describe('the table of settings', () => {
  it('derives flag and variable from the name', () => {
    expect(flagOf('ttlMs')).toBe('--ttl-ms');
    expect(variableOf('maxEntries')).toBe('ROLLCALL_MAX_ENTRIES');
  });

  it.each(settingNames)('%s has a default that it accepts itself, from a file and from text', (name) => {
    const { kind, default: value } = settings[name];
    if (value === undefined) return;
    expect(kind.accepts(value)).toBe(true);
    expect(kind.fromText(String(value))).toEqual(value);
  });

  it('has names that differ as flags and variables', () => {
    expect(new Set(settingNames.map(flagOf)).size).toBe(settingNames.length);
    expect(new Set(settingNames.map(variableOf)).size).toBe(settingNames.length);
  });
});
