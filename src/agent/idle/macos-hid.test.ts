import { expect, it } from 'vitest';
import { macosHid, parseHidIdleMs } from './macos-hid.ts';

/** Shape of `ioreg -r -c IOHIDSystem -d 1`, shortened. */
const ioreg = `+-o IOHIDSystem  <class IOHIDSystem, id 0x100000b3c, registered, matched, active, busy 0 (0 ms), retain 32>
    {
      "IOClass" = "IOHIDSystem"
      "HIDServiceGlobalModifiersUsage" = 2
      "HIDIdleTime" = 83451623958
      "NOTE" = "values should be modified only using IOHIDSetParameter"
    }
`;

it('reads HIDIdleTime, which counts nanoseconds', async () => {
  const source = await macosHid(async () => ({ ok: true, value: ioreg })).open();
  expect('missing' in source || (await source.idleSeconds())).toBe(83);
});

it('throws when ioreg prints no HIDIdleTime', () => {
  expect(() => parseHidIdleMs('+-o IOHIDSystem')).toThrow('no HIDIdleTime');
});

it('passes on why ioreg fails', async () => {
  const run = async () => ({ ok: false, error: '/usr/sbin/ioreg is not installed' }) as const;
  await expect(macosHid(run).open()).rejects.toThrow('not installed');
});
