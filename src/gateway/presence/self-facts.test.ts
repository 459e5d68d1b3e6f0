import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type Machine, selfFacts } from './self-facts.ts';

function address(family: 'IPv4' | 'IPv6', text: string, internal = false): NetworkInterfaceInfo {
  const base = { address: text, netmask: '', mac: '', internal, cidr: null };
  return family === 'IPv4' ? { ...base, family } : { ...base, family, scopeid: 0 };
}

function machine(parts: Partial<Machine> = {}): Machine {
  return {
    hostname: () => 'vm',
    networkInterfaces: () => ({}),
    platform: () => 'linux',
    release: () => '6.18.4',
    machine: () => 'x86_64',
    ...parts,
  };
}

const options = { instanceId: 'gw', version: '1.2.3' };

describe('selfFacts', () => {
  it('[PR1] says what the gateway runs on', () => {
    expect(selfFacts(options, machine())).toEqual({
      instanceId: 'gw',
      host: 'vm',
      version: '1.2.3',
      platform: 'linux 6.18.4',
      deviceFamily: 'Linux',
      modelIdentifier: 'x86_64',
      mode: 'gateway',
      reason: 'self',
    });
  });

  it('[PR1] takes the first IPv4 address that is not internal', () => {
    const networkInterfaces = () => ({
      lo: [address('IPv4', '127.0.0.1', true)],
      gone: undefined,
      eth0: [address('IPv6', 'fe80::1'), address('IPv4', '192.0.2.2'), address('IPv4', '192.0.2.3')],
      eth1: [address('IPv4', '198.51.100.1')],
    });
    expect(selfFacts(options, machine({ networkInterfaces })).ip).toBe('192.0.2.2');
  });

  it('[PR1] [PF1] has no ip without such an address', () => {
    const networkInterfaces = () => ({
      lo: [address('IPv4', '127.0.0.1', true), address('IPv6', '::1', true)],
    });
    expect(selfFacts(options, machine({ networkInterfaces }))).not.toHaveProperty('ip');
  });

  it.each([
    ['darwin', 'Mac'],
    ['win32', 'Windows'],
    ['linux', 'Linux'],
    ['freebsd', 'freebsd'],
  ] as const)('[PR1] on %s the device family is %s', (platform, family) => {
    expect(selfFacts(options, machine({ platform: () => platform })).deviceFamily).toBe(family);
  });
});
