import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderEnvironmentFile } from './environment-file.ts';
import { SettingError } from './service-definition.ts';

describe('renderEnvironmentFile', () => {
  it('writes what is set', () => {
    expect(renderEnvironmentFile({ ROLLCALL_URL: 'wss://gw.example/', ROLLCALL_PASSWORD: undefined })).toBe(
      "# Settings of this rollcall service. Keep this file to yourself: it may hold a secret.\nROLLCALL_URL='wss://gw.example/'\n",
    );
  });

  it('always reads back as it was', () => {
    const value = fc.string({
      unit: fc.constantFrom('a', ' ', '#', '$', '\\', 'n', '=', "'", '"', '`', '%', 'é'),
    });
    fc.assert(
      fc.property(value, (ROLLCALL_TOKEN) => {
        const readBack = readBackOrRefusal(ROLLCALL_TOKEN);
        expect(readBack instanceof SettingError || readBack === ROLLCALL_TOKEN).toBe(true);
      }),
    );
  });

  it.each(['two\nlines', 'nul\0', `'"\``])('refuses %j without repeating it', (ROLLCALL_TOKEN) => {
    expect(() => renderEnvironmentFile({ ROLLCALL_TOKEN })).toThrow(/^ROLLCALL_TOKEN (must be|holds every)/);
  });
});

function readBackOrRefusal(token: string): unknown {
  try {
    return parseEnv(renderEnvironmentFile({ ROLLCALL_TOKEN: token }))['ROLLCALL_TOKEN'];
  } catch (error) {
    return error;
  }
}
