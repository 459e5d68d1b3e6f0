import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Canonical form of an address that is worth showing (PI1, PI2).
 *
 * IPv4-mapped IPv6 becomes IPv4, a zone id (`%eth0`) and brackets are dropped, IPv6 is shortened as in RFC 5952.
 *
 * @returns `undefined` when the text is no address, or is loopback or unspecified: such an address says
 * nothing about where a client is and never overwrites one that does.
 */
export function normalizeIp(text: string | undefined): string | undefined {
  if (text !== undefined && isCanonicalIpv4(text)) return hereIpv4.test(text) ? undefined : text;
  const address = parseAddress(withoutPort(text));
  if (address === undefined || isHere(address)) return undefined;
  return address.toString();
}

/** True for IPv4 in canonical form, as most addresses are: recognizing one by its characters costs a tenth of parsing it. */
export function isCanonicalIpv4(text: string): boolean {
  return canonicalIpv4.test(text);
}

const canonicalIpv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
/** Loopback and unspecified, as {@link isHere} has them. */
const hereIpv4 = /^(?:127|0)\./;

/** True for 127.0.0.0/8, ::1 and their IPv4-mapped forms (PI1); false for anything that is no address. */
export function isLoopback(text: string | undefined): boolean {
  if (text !== undefined && isCanonicalIpv4(text)) return text.startsWith('127.');
  return parseAddress(text)?.range() === 'loopback';
}

/** True when the text is an IPv4 or IPv6 address, with or without brackets and zone id. */
export function isAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}

function isHere(address: Address): boolean {
  const range = address.range();
  // ipaddr.js calls all of 0.0.0.0/8 unspecified: "this host" in RFC 6890.
  return range === 'loopback' || range === 'unspecified';
}

function parseAddress(text: string | undefined): Address | undefined {
  // Looked at here first: ipaddr.js throws and catches an error for whatever is no address, which costs 20 times more.
  const bare = bareAddress(text?.trim() ?? '');
  return bare.includes(':') ? parseIpv6(bare) : parseIpv4(bare);
}

/** Four-part decimal only: `127.1` and `0x7f000001` are legal to some parsers, but no socket reports them. */
function parseIpv4(text: string): Address | undefined {
  if (!/^[\d.]+$/.test(text) || !ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  return ipaddr.IPv4.parse(text);
}

function parseIpv6(text: string): Address | undefined {
  if (!ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** `192.0.2.1:443` and `[2001:db8::1]:443` without their port, as some programs report their address. */
function withoutPort(text = ''): string {
  const [, v6, v4] = /^\s*(?:(\[[^\]]*\])|([\d.]+)):\d{1,5}\s*$/.exec(text) ?? [];
  return v6 ?? v4 ?? text;
}

function bareAddress(text: string): string {
  const inner = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const zone = inner.indexOf('%');
  return zone === -1 ? inner : inner.slice(0, zone);
}
