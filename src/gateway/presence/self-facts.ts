import os from 'node:os';
import type { Facts } from '../../core/index.ts';

/** What the machine says of itself; injected for tests. */
export type Machine = Pick<typeof os, 'hostname' | 'networkInterfaces' | 'platform' | 'release' | 'machine'>;

/** Facts of the gateway's own row (PR1). */
export function selfFacts(options: { instanceId: string; version: string }, machine: Machine = os): Facts {
  const ip = firstExternalIpv4(machine);
  return {
    instanceId: options.instanceId,
    host: machine.hostname(),
    ...(ip === undefined ? {} : { ip }),
    version: options.version,
    platform: `${machine.platform()} ${machine.release()}`,
    deviceFamily: deviceFamily(machine.platform()),
    modelIdentifier: machine.machine(),
    mode: 'gateway',
    reason: 'self',
  };
}

function firstExternalIpv4(machine: Machine): string | undefined {
  const addresses = Object.values(machine.networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find((address) => address.family === 'IPv4' && !address.internal)?.address;
}

function deviceFamily(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Mac';
  if (platform === 'win32') return 'Windows';
  return platform === 'linux' ? 'Linux' : platform;
}
