import { readFile } from 'node:fs/promises';
import { firstIpv4, hostName, kernelName, systemRelease } from '../host/index.ts';
import type { Run } from './run.ts';

/** What an agent reports of its machine; the names are those of `Facts`. */
export interface HostFacts {
  readonly host: string;
  /** First IPv4 address that is not internal. */
  readonly ip?: string;
  /** Operating system and release: `linux 6.18.4`, `macOS 15.1`, `Windows 10.0.22631`. */
  readonly platform: string;
  /** `Linux`, `Mac`, `Windows`; elsewhere the name of the kernel. */
  readonly deviceFamily: string;
  /** Model name of the maker (`Mac15,3`, `ThinkPad X1`), else the processor architecture. */
  readonly modelIdentifier: string;
}

/** What host facts are read from; `systemHost` is this machine. */
export interface HostSource {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Absent where the system does not report it; so are the next three. */
  hostname(): string | undefined;
  /** Kernel release. */
  release(): string | undefined;
  /** Kernel name, as `uname -s` prints it. */
  kernel(): string | undefined;
  /** First IPv4 address that is not internal. */
  ip(): string | undefined;
  /** Text of a file; rejects when it cannot be read. */
  readText(path: string): Promise<string>;
  readonly run: Run;
}

/** This machine as a source of host facts. */
export function systemHost(run: Run): HostSource {
  return {
    platform: process.platform,
    arch: process.arch,
    hostname: () => hostName(),
    release: () => systemRelease(),
    kernel: () => kernelName(),
    ip: () => firstIpv4(),
    readText: (path) => readFile(path, 'utf8'),
    run,
  };
}

/** Reads the facts once; the address can change while an agent runs. */
export async function readHostFacts(source: HostSource): Promise<HostFacts> {
  const ip = source.ip();
  return {
    host: hostLabel(source.hostname()),
    ...(ip !== undefined && { ip }),
    platform: await platformName(source),
    deviceFamily: deviceFamily(source),
    modelIdentifier: (await modelName(source)) ?? source.arch,
  };
}

/** Bonjour's `.local` is no part of the name people use. */
function hostLabel(hostname = ''): string {
  return hostname.replace(/\.local$/i, '') || 'unknown';
}

async function platformName(source: HostSource): Promise<string> {
  switch (source.platform) {
    case 'darwin': {
      const version = await source.run('/usr/bin/sw_vers', ['-productVersion']);
      return version.ok ? `macOS ${version.value.trim()}` : named('darwin', source);
    }
    case 'win32':
      return named('Windows', source);
    default:
      return named(source.platform, source);
  }
}

/** A name with the release behind it, where there is one. */
function named(name: string, source: HostSource): string {
  return [name, source.release()].filter((part) => part !== undefined).join(' ');
}

function deviceFamily(source: HostSource): string {
  const families: Partial<Record<NodeJS.Platform, string>> = {
    linux: 'Linux',
    darwin: 'Mac',
    win32: 'Windows',
  };
  return families[source.platform] ?? source.kernel() ?? source.platform;
}

async function modelName(source: HostSource): Promise<string | undefined> {
  if (source.platform === 'darwin') {
    const model = await source.run('/usr/sbin/sysctl', ['-n', 'hw.model']);
    return model.ok ? meaningfulName(model.value) : undefined;
  }
  return source.platform === 'linux' ? linuxModel(source) : undefined;
}

/** The model of a PC is in the DMI tables, that of a single-board computer in the device tree. */
async function linuxModel(source: HostSource): Promise<string | undefined> {
  for (const path of ['/sys/class/dmi/id/product_name', '/proc/device-tree/model']) {
    const name = meaningfulName(await source.readText(path).catch(() => ''));
    if (name !== undefined) return name;
  }
  return undefined;
}

const placeholders =
  /^(system product name|system name|to be filled by o\.?e\.?m\.?|default string|none|not specified|not applicable|unknown|o\.?e\.?m\.?|x+|0+)$/i;

/** Placeholders that makers leave in the tables; the architecture is used instead. */
function meaningfulName(raw: string): string | undefined {
  // The device tree ends its strings with a NUL.
  const name = raw.replaceAll('\0', '').trim();
  return name === '' || placeholders.test(name) ? undefined : name;
}
