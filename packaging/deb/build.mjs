// Builds rollcall_VERSION_all.deb from the packed npm package, with dpkg-deb: docs/operate/debian.md.
//
//   node packaging/deb/build.mjs FOLDER [rollcall-VERSION.tgz]
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const [folder, tarball] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('usage: node packaging/deb/build.mjs FOLDER [TARBALL]\n');
  process.exit(2);
}
const target = join(resolve(folder), `rollcall_${version}_all.deb`);
const work = mkdtempSync(join(tmpdir(), 'rollcall-deb-'));
const tree = join(work, 'tree');
const at = (...path) => join(tree, ...path);

try {
  installPackage();
  addCommand();
  addManual();
  addCompletion();
  addUnit();
  addControl();
  openToReaders(tree);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, target], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.stdout.write(`${target}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** /usr/lib/rollcall: the npm package with what it needs. */
function installPackage() {
  const packed = tarball === undefined ? pack() : resolve(tarball);
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
  execFileSync('npm', ['install', '--global', '--prefix', join(work, 'npm'), ...options, packed], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  cpSync(join(work, 'npm/lib/node_modules/rollcall'), at('usr/lib/rollcall'), { recursive: true });
}

function pack() {
  execFileSync('npm', ['pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', work], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(work, `rollcall-${version}.tgz`);
}

function addCommand() {
  mkdirSync(at('usr/bin'), { recursive: true });
  symlinkSync('../lib/rollcall/dist/bin/main.js', at('usr/bin/rollcall'));
  chmodSync(at('usr/lib/rollcall/dist/bin/main.js'), 0o755);
}

function addManual() {
  const pages = at('usr/lib/rollcall/dist/man');
  mkdirSync(at('usr/share/man/man1'), { recursive: true });
  for (const page of readdirSync(pages)) {
    writeFileSync(
      at('usr/share/man/man1', `${page}.gz`),
      gzipSync(readFileSync(join(pages, page)), { level: 9 }),
    );
  }
}

function addCompletion() {
  const places = {
    bash: 'usr/share/bash-completion/completions/rollcall',
    zsh: 'usr/share/zsh/vendor-completions/_rollcall',
    fish: 'usr/share/fish/vendor_completions.d/rollcall.fish',
  };
  for (const [shell, place] of Object.entries(places)) {
    mkdirSync(join(at(place), '..'), { recursive: true });
    writeFileSync(
      at(place),
      execFileSync(process.execPath, [at('usr/lib/rollcall/dist/bin/main.js'), 'completion', shell]),
    );
  }
}

function addUnit() {
  const unit = readFileSync(join(root, 'packaging/rollcall.service'), 'utf8')
    .replaceAll('/usr/bin/node /usr/lib/node_modules/rollcall/dist/bin/main.js', '/usr/bin/rollcall')
    .replaceAll('/usr/lib/node_modules/rollcall', '/usr/lib/rollcall');
  mkdirSync(at('usr/lib/systemd/system'), { recursive: true });
  writeFileSync(at('usr/lib/systemd/system/rollcall.service'), unit);
  mkdirSync(at('etc/rollcall'), { recursive: true });
  writeFileSync(
    at('etc/rollcall/rollcall.env'),
    '# Settings of the gateway, one ROLLCALL_… variable per line: man rollcall-gateway\n',
  );
}

function addControl() {
  const doc = at('usr/share/doc/rollcall');
  mkdirSync(doc, { recursive: true });
  cpSync(join(root, 'LICENSE'), join(doc, 'copyright'));
  mkdirSync(at('DEBIAN'), { recursive: true });
  const control = {
    Package: 'rollcall',
    Version: version,
    Architecture: 'all',
    Maintainer: 'The Rollcall authors <rollcall@localhost>',
    'Installed-Size': Math.ceil(bytesIn(tree) / 1024),
    Depends: 'nodejs (>= 20.19), adduser',
    Section: 'net',
    Priority: 'optional',
    Description: `${description}\n Shows, live, who and what is connected to it: desktop apps, web chats, command\n lines, nodes. Speaks the wire protocol of OpenClaw gateways.`,
  };
  writeFileSync(
    at('DEBIAN/control'),
    `${Object.entries(control)
      .map(([key, value]) => `${key}: ${value}`)
      .join('\n')}\n`,
  );
  writeFileSync(at('DEBIAN/conffiles'), '/etc/rollcall/rollcall.env\n');
  for (const script of ['postinst', 'prerm', 'postrm']) {
    cpSync(join(root, 'packaging/deb', `${script}.sh`), at('DEBIAN', script));
  }
}

/** Folders 0755, files 0644 or 0755; the settings, which may hold a secret, 0600; scripts of the package 0755. */
function openToReaders(place) {
  chmodSync(place, 0o755);
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    const path = join(place, entry.name);
    if (entry.isDirectory()) openToReaders(path);
    else if (entry.isFile()) {
      const runs = path.endsWith('dist/bin/main.js') || /DEBIAN\/(postinst|prerm|postrm)$/.test(path);
      chmodSync(path, path.endsWith('rollcall.env') ? 0o600 : runs ? 0o755 : 0o644);
    }
  }
}

function bytesIn(place) {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + readFileSync(join(entry.parentPath ?? entry.path, entry.name)).length, 0);
}
