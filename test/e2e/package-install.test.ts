import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectWorkingCommand } from '../harness/installed-command.ts';
import { startProgram } from '../harness/rollcall-process.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let tarball: string;
let installation: string;
let installed: { readonly stdout: string; readonly stderr: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-package-'));
  await run('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder], {
    cwd: root,
  });
  const name = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  tarball = join(folder, name ?? 'no tarball');
  installation = join(folder, 'lib', 'node_modules');
  const prefix = ['--prefix', folder, '--global', '--prefer-offline', '--no-audit', '--no-fund'];
  installed = await run('npm', ['install', ...prefix, tarball], { cwd: folder });
}, 120_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the package', () => {
  it('is below 1.5 MB, and takes less than 25 MB of disk when it is installed', async () => {
    expect((await stat(tarball)).size).toBeLessThan(1_500_000);
    expect(await bytesIn(installation)).toBeLessThan(25_000_000);
  });

  it('[F12] is installed without a warning', () => {
    expect(`${installed.stdout}${installed.stderr}`).not.toMatch(/warn|EBADENGINE|script/i);
  });

  it('holds no maps, no screenshots and no build notes', async () => {
    const files = await readdir(join(installation, 'rollcall'), { recursive: true });
    const own = files.filter((file) => !file.startsWith('node_modules'));
    expect(
      own.filter((file) => /\.(map|tsbuildinfo)$|docs\/.*\.png$|dist\/(bench|soak)\//.test(file)),
    ).toEqual([]);
    expect(own).toEqual(
      expect.arrayContaining(['LICENSE', 'THIRD-PARTY.md', 'docs/SPEC.md', 'dist/bin/main.js']),
    );
  });

  it('has every file that its entries name', async () => {
    const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const targets = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry as Record<string, string>),
    );
    for (const target of targets) await stat(join(installation, 'rollcall', target));
  });

  it('lists the packages that it contains, with licences', async () => {
    const { thirdPartyPage } = await import(new URL('../../scripts/third-party.mjs', import.meta.url).href);
    expect(await readFile(join(root, 'THIRD-PARTY.md'), 'utf8')).toBe(await thirdPartyPage());
    const texts = await readFile(join(installation, 'rollcall/dist/bin/licences.txt'), 'utf8');
    for (const name of ['ws', 'commander', 'preact', 'typebox'])
      expect(texts).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });
});

it('the installed command starts a gateway, with its page, and an agent, lists and reports, without a warning', async () => {
  await expectWorkingCommand(join(folder, 'bin', 'rollcall'), folder, process.env['PATH'] ?? '');
});

it('npm start, in the repository, starts the gateway', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const env = { HOME: folder, PATH: process.env['PATH'] ?? '', ROLLCALL_PORT: '0' };
  // The script itself: npm would build first, below the other tests, and passes no signal on.
  const gateway = startProgram('sh', ['-c', `cd "${root}" && exec ${scripts.start}`], env);
  try {
    const banner = await gateway.printed('Press Ctrl+C');
    const [url = ''] = /ws:\/\/127\.0\.0\.1:\d+/.exec(banner) ?? [];
    expect((await fetch(`${url.replace('ws:', 'http:')}/healthz`)).status).toBe(200);
  } finally {
    gateway.kill('SIGTERM');
    await gateway.ended;
  }
});

/** Size of files on disk, in whole blocks, as `du` counts. */
async function bytesIn(at: string): Promise<number> {
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath ?? entry.path, entry.name))).blocks * 512);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
