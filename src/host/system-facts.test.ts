import * as os from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  configHome,
  firstIpv4,
  homeFolder,
  hostName,
  kernelName,
  letHostNameAnswer,
  loadAverage,
  machineName,
  type SystemCalls,
  stateHome,
  systemRelease,
  uptimeSeconds,
  userName,
} from './system-facts.ts';

const fails = (): never => {
  throw new Error('A system error occurred');
};
/** A system that refuses every call, as sandboxes and users without an entry do. */
const silent: SystemCalls = {
  hostname: fails,
  homedir: fails,
  loadavg: fails,
  machine: fails,
  type: fails,
  uptime: fails,
  networkInterfaces: fails,
  release: fails,
  userInfo: fails,
};

function address(family: 'IPv4' | 'IPv6', text: string, internal = false): os.NetworkInterfaceInfo {
  const base = { address: text, netmask: '', mac: '', internal, cidr: null };
  return family === 'IPv4' ? { ...base, family } : { ...base, family, scopeid: 0 };
}

describe('a system that refuses calls', () => {
  it('[PR1] the address is the first IPv4 one that leaves the machine', () => {
    const interfaces = {
      lo: [address('IPv4', '127.0.0.1', true)],
      eth0: [address('IPv6', '2001:db8::1'), address('IPv4', '192.0.2.9')],
      none: undefined,
    };
    expect(firstIpv4({ networkInterfaces: () => interfaces })).toBe('192.0.2.9');
    expect(firstIpv4({ networkInterfaces: () => ({ lo: interfaces.lo }) })).toBeUndefined();
  });

  it('[PR1] has no facts, and throws nothing', () => {
    const questions = [hostName, systemRelease, userName, firstIpv4, homeFolder];
    const more = [machineName, kernelName, uptimeSeconds, loadAverage];
    for (const ask of [...questions, ...more]) expect(ask(silent)).toBeUndefined();
  });

  it.each([
    ['', undefined],
    ['  ', undefined],
    ['de\u0007sk\n', 'desk'],
    ['desk', 'desk'],
    ['de\u202esk\u200b', 'desk'],
    ['\u2066\u{e0067}\u3164', undefined],
    ['h'.repeat(600), 'h'.repeat(256)],
  ])('[PR1] host name %j is %j', (hostname, name) => {
    expect(hostName({ ...os, hostname: () => hostname })).toBe(name);
  });

  it('[PR1] a program that reads the host name as it is loaded gets an empty one where the system refuses', () => {
    const refusing = { hostname: fails as () => string };
    letHostNameAnswer(refusing);
    expect(refusing.hostname()).toBe('');
    const answering = { hostname: () => 'desk' };
    letHostNameAnswer(answering);
    expect(answering.hostname()).toBe('desk');
  });

  it.each([
    ['', undefined],
    ['relative/home', undefined],
    ['/home/ada', '/home/ada'],
  ])('[PR1] home folder %j is %j', (homedir, folder) => {
    expect(homeFolder({ ...os, homedir: () => homedir })).toBe(folder);
  });

  it('[PA1] folders are those of XDG when they are absolute, else below the home, else none', () => {
    expect(stateHome({ XDG_STATE_HOME: '/state' }, '/h')).toBe('/state');
    expect(stateHome({ XDG_STATE_HOME: 'state' }, '/h')).toBe('/h/.local/state');
    expect(stateHome({ XDG_STATE_HOME: '' }, undefined)).toBeUndefined();
    expect(configHome({ XDG_CONFIG_HOME: '/config' }, '/h')).toBe('/config');
    expect(configHome({ XDG_CONFIG_HOME: './config' }, '/h')).toBe('/h/.config');
    expect(configHome({}, undefined)).toBeUndefined();
  });
});
