import os from 'node:os';
import type { Facts } from '../../core/index.ts';
import { firstIpv4, hostName, machineName, type SystemCalls, systemRelease } from '../../host/index.ts';

/** What the machine says of itself; injected for tests. */
export type Machine = Pick<SystemCalls, 'hostname' | 'machine' | 'networkInterfaces' | 'release'> &
  Pick<typeof os, 'platform'>;

/** Facts of the gateway's own row (PR1); what the system does not say is absent. */
export function selfFacts(options: { instanceId: string; version: string }, machine: Machine = os): Facts {
  const ip = firstIpv4(machine);
  const release = systemRelease(machine);
  const modelIdentifier = machineName(machine);
  return {
    instanceId: options.instanceId,
    host: hostName(machine) ?? 'gateway',
    ...(ip === undefined ? {} : { ip }),
    version: options.version,
    platform: release === undefined ? machine.platform() : `${machine.platform()} ${release}`,
    deviceFamily: deviceFamily(machine.platform()),
    ...(modelIdentifier === undefined ? {} : { modelIdentifier }),
    mode: 'gateway',
    reason: 'self',
  };
}

function deviceFamily(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Mac';
  if (platform === 'win32') return 'Windows';
  return platform === 'linux' ? 'Linux' : platform;
}
