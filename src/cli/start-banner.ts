import { isLoopback } from '../core/index.ts';
import type { ChosenAuth } from './gateway-auth.ts';

/** Content of the banner. */
export interface BannerOptions {
  /** Where the gateway listens, for example `ws://0.0.0.0:18789`. */
  readonly url: string;
  readonly version: string;
  readonly chosen: ChosenAuth;
  /** True when the gateway serves its page. */
  readonly hasPage: boolean;
  /** How this program was invoked: `rollcall`. */
  readonly command: string;
  /** Address of this computer in its network, if it has one: where others connect when it listens everywhere. */
  readonly lanAddress: string | undefined;
}

/** What a person reads when the gateway has started: where it listens and how to connect, by commands that work as they stand. */
export function startBanner(options: BannerOptions): string {
  const { url, version, chosen, hasPage, command } = options;
  const local = localUrl(url);
  const others = othersUrl(options);
  const access = accessOf(chosen);
  const target = local === 'ws://127.0.0.1:18789' ? '' : ` --url ${local}`;
  return [
    `Rollcall ${version} listens on ${url}`,
    '',
    ...access.lines,
    ...(hasPage ? [`  In a browser              ${local.replace(/^ws/, 'http')}/`] : []),
    ...(hasPage ? [`  Signed in at once         ${access.environment}${command} open${target}`] : []),
    `  See who is connected      ${access.environment}${command} list${target}`,
    ...(others === undefined ? [] : [`  From other computers      ${others}`]),
    `  From an OpenClaw CLI      openclaw gateway call system-presence --url ${local}${access.openClawFlag}`,
    ...(isOpenToRead(url) ? ['', withoutTls] : []),
    '',
    'Press Ctrl+C to stop.',
  ].join('\n');
}

const withoutTls =
  'Warning: without TLS, others on the network can read the token. Use --tls-cert and --tls-key, or a proxy with TLS.';

/** Nobody can connect to an unspecified address: on this computer loopback takes its place. */
function localUrl(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** Where other computers reach the gateway; `undefined` when they cannot. */
function othersUrl({ url, lanAddress }: BannerOptions): string | undefined {
  if (isLoopback(hostOf(url))) return undefined;
  if (url === localUrl(url)) return url;
  return lanAddress === undefined ? undefined : url.replace(/\/\/(0\.0\.0\.0|\[::\]):/, `//${lanAddress}:`);
}

function isOpenToRead(url: string): boolean {
  return url.startsWith('ws:') && !isLoopback(hostOf(url));
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

interface Access {
  readonly lines: readonly string[];
  /** What precedes our own command. */
  readonly environment: string;
  readonly openClawFlag: string;
}

function accessOf({ auth, kept }: ChosenAuth): Access {
  if (kept !== undefined) {
    const shown = kept.generated
      ? [`  Token (shown once)        ${kept.token}`, `  Saved in                  ${kept.file}`]
      : [`  Token saved in            ${kept.file}`];
    return { lines: shown, environment: '', openClawFlag: ` --token "$(cat ${shellQuoted(kept.file)})"` };
  }
  switch (auth.mode) {
    case 'token':
      return {
        lines: ['  Token                     the one you set'],
        environment: 'ROLLCALL_TOKEN=… ',
        openClawFlag: ' --token …',
      };
    case 'password':
      return {
        lines: ['  Password                  the one you set'],
        environment: 'ROLLCALL_PASSWORD=… ',
        openClawFlag: ' --password …',
      };
    case 'none':
      return {
        lines: ['  No token needed           anyone on this computer can connect'],
        environment: '',
        openClawFlag: '',
      };
  }
}

/** A path, quoted for a shell. */
function shellQuoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
