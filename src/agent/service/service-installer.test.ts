import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { err, ok } from '../../core/index.ts';
import type { Run } from '../run.ts';
import { platformService, type ServiceOwner } from './platform-service.ts';
import { ServiceInstaller, systemServiceFiles } from './service-installer.ts';
import type { ServiceFile, ServicePlan } from './service-plan.ts';

const environment: ServiceFile = {
  path: '/c/agent.env',
  text: "T='s3cret'\n",
  encoding: 'utf8',
  mode: 0o600,
};
const definition = {
  kind: 'agent' as const,
  nodePath: '/usr/bin/node',
  scriptPath: '/opt/rollcall/main.js',
  environmentFile: environment.path,
  flags: ['--mode', 'node'],
};
const owner: ServiceOwner = {
  platform: 'linux',
  homeFolder: '/home/ada',
  configHome: '/home/ada/.config',
  uid: 1000,
  user: 'ada',
};

let disk: Map<string, string>;
let ran: string[];
let failing: string | undefined;
let stdout: string;

beforeEach(() => {
  disk = new Map();
  ran = [];
  failing = undefined;
  stdout = '';
});

function planFor(platform: NodeJS.Platform): ServicePlan {
  const plan = platformService({ ...owner, platform }, definition);
  if (plan === undefined) throw new Error(`no service on ${platform}`);
  return plan;
}

function installer(platform: NodeJS.Platform = 'linux'): ServiceInstaller {
  const run: Run = async (program, args) => {
    ran.push([program, ...args].join(' '));
    const fails = failing !== undefined && ran.at(-1)?.includes(failing);
    return fails ? { ok: false, error: 'systemctl: Failed to connect to bus' } : { ok: true, value: stdout };
  };
  const files = {
    write: async ({ path, text }: ServiceFile) => void disk.set(path, text),
    remove: async (path: string) => void disk.delete(path),
    exists: async (path: string) => disk.has(path),
  };
  return new ServiceInstaller({ plan: planFor(platform), environment, files, run });
}

describe('ServiceInstaller', () => {
  it.each(['linux', 'darwin', 'win32'] as const)(
    'installs and removes all it made on %s',
    async (platform) => {
      const service = installer(platform);
      expect(await service.install()).toEqual(ok(undefined));
      expect(disk.size).toBe(2);
      expect(await service.uninstall()).toEqual(ok(undefined));
      expect(disk.size).toBe(0);
      expect(ran).toMatchSnapshot();
    },
  );

  it.each(['linux', 'darwin', 'win32'] as const)(
    'puts the secret into no service file on %s',
    async (platform) => {
      await installer(platform).install();
      const holders = [...disk].filter(([, text]) => text.includes('s3cret')).map(([path]) => path);
      expect(holders).toEqual([environment.path]);
    },
  );

  it('names the command to repeat when the service manager does not answer', async () => {
    failing = 'daemon-reload';
    expect(await installer().install()).toEqual(
      err(
        'systemctl: Failed to connect to bus. The files are in place; when that is mended run: systemctl --user daemon-reload',
      ),
    );
  });

  it('is removed also when the service manager does not answer', async () => {
    await installer().install();
    failing = 'systemctl';
    expect(await installer().uninstall()).toEqual(ok(undefined));
    expect(disk.size).toBe(0);
  });

  it.each([
    ['linux', 'active\n', 'failed\n'],
    ['darwin', 'gui/501/rollcall.agent = {\n\tstate = running\n}', '\tstate = spawn scheduled\n'],
    ['win32', 'Running\r\n', 'Ready\r\n'],
  ] as const)('reads the status on %s', async (platform, running, idle) => {
    const service = installer(platform);
    expect(await service.status()).toEqual({ installed: false, running: false });
    await service.install();
    stdout = running;
    expect(await service.status()).toEqual({ installed: true, running: true });
    stdout = idle;
    expect(await service.status()).toEqual({ installed: true, running: false });
  });

  it('refuses an environment file that others can read', () => {
    const open = { ...environment, mode: 0o644 };
    const make = () =>
      new ServiceInstaller({
        plan: planFor('linux'),
        environment: open,
        files: systemServiceFiles(),
        run: async () => ({ ok: true, value: '' }),
      });
    expect(make).toThrow(TypeError);
  });
});

describe('systemServiceFiles', () => {
  it('writes files whole, with their permissions, and UTF-16 with its mark', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-service-'));
    const path = join(folder, 'deep', 'agent.env');
    const files = systemServiceFiles();
    await files.write({ ...environment, path, mode: 0o644 });
    await files.write({ ...environment, path });
    await files.write({ ...environment, path: `${path}.xml`, encoding: 'utf16le' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect([...(await readFile(`${path}.xml`)).subarray(0, 4)]).toEqual([0xff, 0xfe, 'T'.charCodeAt(0), 0]);
    await files.remove(path);
    await files.remove(path);
    expect([await files.exists(path), await readdir(join(folder, 'deep'))]).toEqual([
      false,
      ['agent.env.xml'],
    ]);
    await rm(folder, { recursive: true });
  });
});

it('has no service manager elsewhere', () => {
  expect(platformService({ ...owner, platform: 'freebsd' }, definition)).toBeUndefined();
});
