import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isLoopback } from '../core/index.ts';
import type { UpstreamConfig } from '../sources/upstreams/upstream-config.ts';
import { misused, ok, type Result } from './result.ts';
import type { Shell } from './shell.ts';

type Home = Pick<Shell, 'env' | 'homeFolder'>;

/**
 * Parses `--upstream NAME=URL`, which may be followed by `,tokenFile=FILE` and the like.
 *
 * A gateway on this computer for which no credential is given is assumed to be OpenClaw's own: its token is read from its
 * configuration (`OPENCLAW_CONFIG_PATH`, else `~/.openclaw/openclaw.json`), when that is there.
 */
export function readUpstreamFlag(text: string, home: Home): Result<UpstreamConfig> {
  const [, name = '', rest = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (name === '')
    return misused(
      `--upstream must be NAME=URL, for example home=ws://127.0.0.1:18789, but is ${JSON.stringify(text)}`,
    );
  const [url = '', ...fields] = rest.split(/,(?=[A-Za-z]+=)/);
  const pairs = fields.map(
    (field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)] as const,
  );
  const given = Object.fromEntries(pairs) as Partial<UpstreamConfig>;
  return ok(withOwnSecret({ name, url, ...given }, home));
}

/** The upstream, with OpenClaw's own configuration as its secret where that is on this computer and nothing else is given. */
export function withOwnSecret(config: UpstreamConfig, home: Home): UpstreamConfig {
  const { tokenFile, passwordFile, device, openclaw, url } = config;
  if ([tokenFile, passwordFile, device, openclaw].some((file) => file !== undefined)) return config;
  const file = home.env['OPENCLAW_CONFIG_PATH'] || ownConfigOf(home.homeFolder);
  return file !== undefined && isOnThisComputer(url) && existsSync(file)
    ? { ...config, openclaw: file }
    : config;
}

function ownConfigOf(homeFolder: string | undefined): string | undefined {
  return homeFolder === undefined ? undefined : join(homeFolder, '.openclaw', 'openclaw.json');
}

function isOnThisComputer(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || isLoopback(host);
}

/** The upstreams of all such flags as the text of the setting `upstreams`; after those of `--upstreams`. */
export function upstreamsText(
  flags: readonly string[],
  listed: string | undefined,
  home: Home,
): Result<string | undefined> {
  if (flags.length === 0) return ok(listed);
  const upstreams: unknown[] = [];
  if (listed !== undefined) {
    const before = parseList(listed);
    if (before === undefined) return misused('--upstreams must be a list in JSON');
    upstreams.push(...before);
  }
  for (const flag of flags) {
    const read = readUpstreamFlag(flag, home);
    if (!read.ok) return read;
    upstreams.push(read.value);
  }
  return ok(JSON.stringify(upstreams));
}

function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
