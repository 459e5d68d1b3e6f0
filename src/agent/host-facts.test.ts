import { describe, expect, it } from 'vitest';
import { type HostSource, readHostFacts, systemHost } from './host-facts.ts';
import { systemRun } from './run.ts';

const files: Record<string, string> = { '/sys/class/dmi/id/product_name': 'ThinkPad X1 Carbon\n' };

function host(other: Partial<HostSource> = {}): HostSource {
  return {
    platform: 'linux',
    arch: 'x64',
    hostname: () => 'desk',
    release: () => '6.18.4',
    kernel: () => 'Linux',
    ip: () => '192.0.2.7',
    readText: async (path) => files[path] ?? Promise.reject(new Error('ENOENT')),
    run: async () => ({ ok: false, error: 'not here' }),
    ...other,
  };
}

describe('readHostFacts', () => {
  it('names a Linux machine', async () => {
    expect(await readHostFacts(host())).toEqual({
      host: 'desk',
      ip: '192.0.2.7',
      platform: 'linux 6.18.4',
      deviceFamily: 'Linux',
      modelIdentifier: 'ThinkPad X1 Carbon',
    });
  });

  it.each(['To Be Filled By O.E.M.', 'System Product Name', 'Default string', ' \n', 'None'])(
    'takes the architecture instead of the placeholder %j',
    async (name) => {
      const facts = await readHostFacts(host({ readText: async () => name }));
      expect(facts.modelIdentifier).toBe('x64');
    },
  );

  it('reads the model of a single-board computer from the device tree', async () => {
    const readText: HostSource['readText'] = async (path) =>
      path.startsWith('/proc/device-tree')
        ? 'Raspberry Pi 5 Model B Rev 1.0\0'
        : Promise.reject(new Error('ENOENT'));
    expect(await readHostFacts(host({ readText }))).toHaveProperty(
      'modelIdentifier',
      'Raspberry Pi 5 Model B Rev 1.0',
    );
  });

  it('names a Mac', async () => {
    const answers: Record<string, string> = { '/usr/bin/sw_vers': '15.1\n', '/usr/sbin/sysctl': 'Mac15,3\n' };
    const run: HostSource['run'] = async (program) => ({ ok: true, value: answers[program] ?? '' });
    const mac = host({ platform: 'darwin', arch: 'arm64', hostname: () => 'Studio.local', run });
    expect(await readHostFacts(mac)).toMatchObject({
      host: 'Studio',
      platform: 'macOS 15.1',
      deviceFamily: 'Mac',
      modelIdentifier: 'Mac15,3',
    });
  });

  it('names a Windows machine', async () => {
    const windows = host({ platform: 'win32', release: () => '10.0.22631', kernel: () => 'Windows_NT' });
    expect(await readHostFacts(windows)).toMatchObject({
      platform: 'Windows 10.0.22631',
      deviceFamily: 'Windows',
      modelIdentifier: 'x64',
    });
  });

  it('[PF1] leaves out the address of a machine that has none', async () => {
    const facts = await readHostFacts(host({ ip: () => undefined }));
    expect(facts).not.toHaveProperty('ip');
  });

  it('[PF1] leaves out what the system does not report', async () => {
    const silent = { hostname: () => undefined, release: () => undefined, ip: () => undefined };
    expect(await readHostFacts(host(silent))).toMatchObject({ host: 'unknown', platform: 'linux' });
  });

  it('describes this machine', async () => {
    const facts = await readHostFacts(systemHost(systemRun()));
    expect(Object.values(facts).every((fact) => fact.trim() === fact && fact !== '')).toBe(true);
  });
});
