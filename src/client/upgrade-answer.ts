/** What an HTTP answer in place of a WebSocket shows about the path to the gateway. */
export interface UpgradeAnswer {
  readonly status: string;
  /** Host to which a redirect leads, with its scheme; absent when there is none, or none that can be read. */
  readonly location?: string;
}

/** The message of the error that a socket reports for such an answer; the first part is that of the package `ws`. */
export function upgradeAnswerText(status: number | undefined, location: string | undefined): string {
  const text = `Unexpected server response: ${status}`;
  return location === undefined ? text : `${text} to ${location}`;
}

/** Reads what {@link upgradeAnswerText} wrote; `undefined` for every other error. */
export function readUpgradeAnswer(message: string | undefined, url: string): UpgradeAnswer | undefined {
  const [, status, location] = /server response: (\d{3})(?: to (\S+))?/.exec(message ?? '') ?? [];
  if (status === undefined) return undefined;
  const origin = location === undefined ? undefined : originOf(location, url);
  return { status, ...(origin !== undefined && { location: origin }) };
}

/** What to change so that a WebSocket is opened; one clause, without a full stop. Never advises to give up TLS. */
export function upgradeAdvice({ status, location }: UpgradeAnswer, url: string): string {
  if (status.startsWith('3') && location !== undefined) {
    const isLess = url.startsWith('wss:') && location.startsWith('http:');
    if (isLess) return `it is sent on to ${location}, without TLS: correct the redirect of the proxy`;
    return `it is sent on to ${location}: use ${location.replace(/^http/, 'ws')}`;
  }
  if (status === '502' || status === '504')
    return 'a proxy in front of the gateway cannot reach it: check that it runs, and the address that the proxy passes on to';
  if (status === '401' || status === '403' || status === '407')
    return 'a proxy in front of the gateway may want its own login';
  if (status.startsWith('2') || status === '400' || status === '426')
    return 'a proxy in front of the gateway may drop the header Upgrade: let it pass on Upgrade and Connection (nginx: proxy_http_version 1.1); else check the port and the path';
  if (status === '404') return 'check the port and the path, and those of a proxy in front of the gateway';
  return 'check that the gateway runs and that this is its address, and look at the proxy in front of it';
}

function originOf(location: string, url: string): string | undefined {
  const base = url.replace(/^ws/, 'http');
  if (!URL.canParse(location, base)) return undefined;
  const { protocol, host } = new URL(location, base);
  return host === '' || !/^https?:$/.test(protocol) ? undefined : `${protocol}//${host}`;
}
