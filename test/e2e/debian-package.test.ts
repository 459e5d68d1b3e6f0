import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectWorkingCommand } from '../harness/installed-command.ts';
import { describeWith, requirePrograms } from '../harness/required-program.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('../../packaging/deb/build.mjs', import.meta.url));

describeWith(['dpkg-deb'], 'the Debian package', () => {
  let folder: string;
  let root: string;
  let archive: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-debian-'));
    root = join(folder, 'root');
    archive = (await run(process.execPath, [script, folder])).stdout.trim();
    await run('dpkg-deb', ['--extract', archive, root]);
  }, 180_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('declares its dependencies, and is below 5 MB', async () => {
    const { stdout } = await run('dpkg-deb', [
      '--field',
      archive,
      'Package',
      'Version',
      'Architecture',
      'Depends',
    ]);
    expect(stdout).toContain('Package: rollcall\n');
    expect(stdout).toContain('nodejs (>= 20.19)');
    expect(statSync(archive).size).toBeLessThan(5_000_000);
  });

  it('belongs to root, and its settings can be read by root alone', async () => {
    const { stdout } = await run('dpkg-deb', ['--contents', archive], { maxBuffer: 1e8 });
    const lines = stdout.trim().split('\n');
    expect(lines.filter((line) => !line.includes(' root/root '))).toEqual([]);
    expect(lines.filter((line) => /^.....w|^........w/.test(line) && !line.startsWith('l'))).toEqual([]);
    expect(stdout).toMatch(/^-rw-------.*\.\/etc\/rollcall\/rollcall\.env$/m);
  });

  it('has manual pages, completion that the shell parses, and scripts that it parses', async () => {
    const page = gunzipSync(readFileSync(join(root, 'usr/share/man/man1/rollcall.1.gz'))).toString();
    expect(page).toContain('.TH');
    await run('bash', ['-n', join(root, 'usr/share/bash-completion/completions/rollcall')]);
    const control = join(folder, 'control');
    await run('dpkg-deb', ['--control', archive, control]);
    for (const name of ['postinst', 'prerm', 'postrm']) await run('sh', ['-n', join(control, name)]);
  });

  it('has a unit that systemd accepts', async (context) => {
    requirePrograms(context, 'systemd-analyze');
    const unit = join(root, 'usr/lib/systemd/system/rollcall.service');
    expect(readFileSync(unit, 'utf8')).toContain('ExecStart=/usr/bin/rollcall gateway');
    const { stdout, stderr } = await run('systemd-analyze', [
      'verify',
      `--root=${root}`,
      'rollcall.service',
    ]).catch((fault) => fault);
    // The root has no other units, and node stands beside it.
    const about = `${stdout}${stderr}`.split('\n').filter((line) => /rollcall\.service:\d/.test(line));
    expect(about).toEqual([]);
  });

  it('runs: gateway, page, beacon, list and agent from the root that it was unpacked into, without a warning', async () => {
    const path = `${dirname(process.execPath)}:${process.env['PATH']}`;
    await expectWorkingCommand(join(root, 'usr/bin/rollcall'), folder, path);
  });
});
