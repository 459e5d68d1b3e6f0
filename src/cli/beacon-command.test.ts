import { describe, expect, it } from 'vitest';
import { parseNodeText } from '../core/index.ts';
import { type BeaconFlags, composeBeacon } from './beacon-command.ts';

const shell = { hostName: 'vm', platform: 'linux 6' };

function beacon(flags: BeaconFlags): unknown {
  const result = composeBeacon(flags, shell);
  return result.ok ? result.value : result.error.message;
}

describe('the parameters of a beacon', () => {
  it('describe this computer when no flag names another instance', () => {
    expect(beacon({ reason: 'launch' })).toEqual({
      host: 'vm',
      platform: 'linux 6',
      mode: 'node',
      reason: 'launch',
      text: 'Node: vm · mode node',
    });
  });

  it('[PR6] contain nothing about this computer when another instance is meant', () => {
    const parameters = beacon({ instanceId: 'abc', lastInputSeconds: '9' });
    expect(parameters).toEqual({ instanceId: 'abc', lastInputSeconds: 9, text: 'Beacon: abc' });
    expect(parseNodeText('Beacon: abc')).toBeUndefined();
  });

  it('leave a text as it is', () => {
    expect(beacon({ text: 'Node: cam (192.0.2.1) · mode node' })).toEqual({
      text: 'Node: cam (192.0.2.1) · mode node',
    });
  });

  it('are all checked before anything is sent', () => {
    expect(beacon({ lastInputSeconds: '1.5', ip: 'x', host: ' ' })).toBe(
      [
        '--host must be a text that is not blank, but is " "',
        '--last-input-seconds must be a whole number of seconds from 0 to 999999999999, but is "1.5"',
        '--ip must be an IPv4 or IPv6 address, but is "x"',
      ].join('\n'),
    );
  });
});
