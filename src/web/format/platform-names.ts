/** Official names of systems, by the word that clients report. */
const spellings: Readonly<Record<string, string>> = {
  android: 'Android',
  chromeos: 'ChromeOS',
  debian: 'Debian',
  fedora: 'Fedora',
  freebsd: 'FreeBSD',
  ios: 'iOS',
  ipados: 'iPadOS',
  linux: 'Linux',
  mac: 'macOS',
  macos: 'macOS',
  node: 'Node.js',
  openbsd: 'OpenBSD',
  tvos: 'tvOS',
  ubuntu: 'Ubuntu',
  visionos: 'visionOS',
  watchos: 'watchOS',
  web: 'Web',
  windows: 'Windows',
};

/** The official name and version of a platform: `macos 15.1` → `macOS 15.1`, `darwin 24.1.0` → `macOS 15`; unknown ones as they are. */
export function platformName(platform: string): string {
  const [word = '', ...rest] = platform.trim().split(/[\s/]+/);
  const release = rest.join(' ');
  const system = word.toLowerCase();
  if (system === 'darwin') return macOfDarwin(release);
  if (system === 'win32') return windowsOfBuild(release);
  return joined(spellings[system] ?? word, release);
}

/** Darwin 20 to 24 are macOS 11 to 15; since Darwin 25 macOS is one ahead. */
function macOfDarwin(release: string): string {
  const major = Number.parseInt(release, 10);
  if (major >= 25) return `macOS ${major + 1}`;
  return major >= 20 ? `macOS ${major - 9}` : joined('Darwin', release);
}

/** Windows 11 still reports 10.0; its builds begin at 22000. */
function windowsOfBuild(release: string): string {
  const [major, , build] = release.split('.').map(Number);
  if (major !== 10 || build === undefined) return joined('Windows', release);
  return `Windows ${build >= 22_000 ? 11 : 10} (${build})`;
}

function joined(name: string, release: string): string {
  return release === '' ? name : `${name} ${release}`;
}
