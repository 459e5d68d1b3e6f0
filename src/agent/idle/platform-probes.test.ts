import { expect, it } from 'vitest';
import { platformProbes } from './platform-probes.ts';

const names = (platform: NodeJS.Platform, uid?: number): readonly string[] =>
  platformProbes({
    platform,
    ...(uid !== undefined && { uid }),
    environment: async () => ({}),
    wallMs: () => 0,
    run: async () => ({ ok: false, error: 'not here' }),
  }).map(({ name }) => name);

it('probes first the sources that see every input', () => {
  expect(names('linux', 1000)).toEqual(['x11', 'mutter', 'logind', 'tty']);
  expect(names('darwin', 501)).toEqual(['macos-hid']);
  expect(names('win32')).toEqual(['windows-last-input']);
});
