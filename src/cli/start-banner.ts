import type { ChosenAuth } from './gateway-auth.ts';

/** What a person reads when the gateway has started: where it listens and how to connect. */
export function startBanner(options: {
  /** Where clients connect, for example `ws://127.0.0.1:18789`. */
  readonly url: string;
  readonly version: string;
  readonly chosen: ChosenAuth;
  /** True when the gateway serves its page. */
  readonly hasPage: boolean;
}): string {
  const { url, version, chosen, hasPage } = options;
  const access = accessOf(chosen);
  return [
    `Rollcall ${version} listens on ${url}`,
    '',
    ...access.lines,
    ...(hasPage ? [`  In a browser              ${url.replace(/^ws/, 'http')}/`] : []),
    `  See who is connected      ${access.environment}npx rollcall list${isDefault(url) ? '' : ` --url ${url}`}`,
    `  From an OpenClaw CLI      openclaw gateway call system-presence --url ${url}${access.openClawFlag}`,
    '',
    'Press Ctrl+C to stop.',
  ].join('\n');
}

interface Access {
  readonly lines: readonly string[];
  /** What stands before our own command. */
  readonly environment: string;
  readonly openClawFlag: string;
}

function accessOf({ auth, kept }: ChosenAuth): Access {
  if (kept !== undefined) {
    const shown = kept.generated
      ? [`  Token (shown only now)    ${kept.token}`, `  and kept for next time    ${kept.file}`]
      : [`  Token kept in             ${kept.file}`];
    return { lines: shown, environment: '', openClawFlag: ` --token "$(cat ${shellQuoted(kept.file)})"` };
  }
  switch (auth.mode) {
    case 'token':
      return {
        lines: ['  Token                     the one you gave'],
        environment: 'ROLLCALL_TOKEN=… ',
        openClawFlag: ' --token …',
      };
    case 'password':
      return {
        lines: ['  Password                  the one you gave'],
        environment: 'ROLLCALL_PASSWORD=… ',
        openClawFlag: ' --password …',
      };
    case 'none':
      return {
        lines: ['  No token needed           anybody on this computer may connect'],
        environment: '',
        openClawFlag: '',
      };
  }
}

function isDefault(url: string): boolean {
  return url === 'ws://127.0.0.1:18789';
}

/** A path as a shell takes it. */
function shellQuoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
