/** How to authenticate: exactly one, or none where the upstream needs no credential from this computer. */
export interface UpstreamCredentials {
  /** File of one line that holds the token; mode 0600. */
  readonly tokenFile?: string;
  /** File of one line that holds the password; mode 0600. */
  readonly passwordFile?: string;
  /** File that holds a device key and the token granted to it, as `rollcall upstream add` creates it; mode 0600. */
  readonly device?: string;
  /**
   * Configuration file of the OpenClaw gateway itself, on the same computer (`~/.openclaw/openclaw.json`): its
   * `gateway.auth.token` or `.password` is read there, so that nothing needs to be copied; mode 0600.
   */
  readonly openclaw?: string;
}

/** One upstream gateway, as the configuration names it (PU9). */
export interface UpstreamConfig extends UpstreamCredentials {
  /** Its durable identity here: letters, digits, `.`, `_`, `-`; unique in any case. */
  readonly name: string;
  /** `ws:` or `wss:` address. */
  readonly url: string;
  /** File of certificates in PEM of the authority that its certificate is checked against, instead of the system's. */
  readonly ca?: string;
}

/** Most upstreams of one gateway. */
export const maxUpstreams = 200;

const known = ['name', 'url', 'tokenFile', 'passwordFile', 'device', 'openclaw', 'ca'];
const secrets = ['tokenFile', 'passwordFile', 'openclaw'] as const;

/** What is wrong with a list of upstreams, with what to do; `undefined` when nothing is. Never repeats a value of an address. */
export function upstreamsProblem(value: unknown): string | undefined {
  if (!Array.isArray(value)) return 'upstreams must be a list';
  if (value.length > maxUpstreams) return `at most ${maxUpstreams} upstreams are possible`;
  const names = new Set<string>();
  for (const [index, item] of value.entries()) {
    const problem = upstreamProblem(item);
    if (problem !== undefined) return `upstream ${index + 1}: ${problem}`;
    const name = (item as UpstreamConfig).name.toLowerCase();
    if (names.has(name)) return `upstream ${index + 1}: there is another one named ${name}`;
    names.add(name);
  }
  return undefined;
}

function upstreamProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'must be an object';
  const config = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(config).find((name) => !known.includes(name));
  if (unknown !== undefined) return unknownField(unknown);
  const wrong = known.find((name) => config[name] !== undefined && !isText(config[name]));
  if (wrong !== undefined) return `${wrong} must be a text that is not blank`;
  return nameProblem(config['name']) ?? urlProblem(config['url']) ?? secretProblem(config);
}

/** What is wrong with a field that does not exist; common mistakes are answered with what to write instead. */
function unknownField(name: string): string {
  if (name === 'token' || name === 'password')
    return `write the ${name} to a file of mode 0600 and name it as ${name}File: secrets do not stand in the configuration`;
  if (name === 'insecure') return 'a certificate is always checked: give its authority as ca';
  return `${JSON.stringify(name.slice(0, 40))} is no field: there are ${known.join(', ')}`;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 4_096;
}

/** What is wrong with the name of an upstream. */
export function nameProblem(name: unknown): string | undefined {
  if (typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return undefined;
  return 'name must be 1 to 64 letters, digits, ".", "_" or "-"';
}

/** What is wrong with the address of an upstream. A secret in it would be shown. */
export function urlProblem(text: unknown): string | undefined {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'ws:' && url.protocol !== 'wss:'))
    return 'url must be a ws:// or wss:// address, such as ws://127.0.0.1:18789';
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return 'url must hold no user, password, query or fragment: secrets go into a file';
  return undefined;
}

function secretProblem(config: Readonly<Record<string, unknown>>): string | undefined {
  const given = secrets.filter((name) => config[name] !== undefined);
  return given.length < 2 ? undefined : `give only one of ${secrets.join(', ')}`;
}
