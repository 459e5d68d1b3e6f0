import type { IncomingMessage } from 'node:http';
import proxyaddr from '@fastify/proxy-addr';
import parseForwarded from 'forwarded-parse';
import { isAddress } from '../../core/index.ts';
import type { Peer } from '../transport.ts';

/** The part of a request that shows where it comes from. */
export interface RequestOrigin {
  readonly headers: IncomingMessage['headers'];
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** Returns the address that a request comes from, `undefined` when its socket is closed already. */
export type ReadAddress = (request: RequestOrigin) => string | undefined;

/**
 * Creates the reader of client addresses (PI3).
 *
 * `Forwarded` (RFC 7239) and `X-Forwarded-For` count only as far as trusted proxies wrote them: from right to left, up to
 * the first address that is no trusted proxy. A request that carries both headers with different addresses, or a malformed
 * one, comes from the nearest proxy: a proxy that writes one of them passes the other on as the client wrote it.
 *
 * @param trustedProxies addresses and CIDR ranges; throws `TypeError` naming the one that is neither.
 */
export function createAddressReader(trustedProxies: readonly string[]): ReadAddress {
  const isTrusted = trustOf(trustedProxies);
  return (request) => {
    const { remoteAddress } = request.socket;
    if (remoteAddress === undefined || !isTrusted(remoteAddress, 0)) return remoteAddress;
    const hops = agreedHops(request.headers);
    return hops === undefined ? remoteAddress : firstUntrusted(remoteAddress, hops, isTrusted);
  };
}

/** Creates the check whether the address of a socket is that of a trusted proxy; throws `TypeError` as {@link createAddressReader} does. */
export function createProxyCheck(trustedProxies: readonly string[]): (address: string) => boolean {
  const isTrusted = trustOf(trustedProxies);
  return (address) => isTrusted(address, 0);
}

/** Returns who sent a request. */
export type ReadPeer = (request: RequestOrigin) => Peer;

/** Creates the reader of peers; throws `TypeError` as {@link createAddressReader} does. */
export function createPeerReader(trustedProxies: readonly string[]): ReadPeer {
  const readAddress = createAddressReader(trustedProxies);
  return (request) => {
    const { origin, host } = request.headers;
    return { address: readAddress(request), isForwarded: isForwarded(request), origin, host };
  };
}

/** True when a proxy, trusted or not, stands between the client and this gateway, as far as headers show. */
export function isForwarded({ headers }: RequestOrigin): boolean {
  return (
    headers.forwarded !== undefined ||
    headers['x-forwarded-for'] !== undefined ||
    headers['x-real-ip'] !== undefined
  );
}

type Trust = (address: string, hop: number) => boolean;

function trustOf(trustedProxies: readonly string[]): Trust {
  for (const range of trustedProxies) {
    if (isRange(range)) continue;
    throw new TypeError(`trustedProxies: "${range}" is no address or CIDR range, such as 10.0.0.0/8 or ::1`);
  }
  return proxyaddr.compile([...trustedProxies]);
}

function isRange(text: string): boolean {
  try {
    proxyaddr.compile(text);
    return isAddress(text.split('/', 1)[0] ?? '');
  } catch {
    return false;
  }
}

/** The last hop that a trusted proxy wrote; a hop that is no address ends the path before it. */
function firstUntrusted(remoteAddress: string, hops: readonly string[], isTrusted: Trust): string {
  const request = { socket: { remoteAddress }, headers: { 'x-forwarded-for': hops.join(',') } };
  const way = proxyaddr.all(request as unknown as IncomingMessage, isTrusted);
  return way.findLast(isAddress) ?? remoteAddress;
}

/** The addresses that the proxies wrote, the client's first; `undefined` when the headers are malformed or contradict each other. */
function agreedHops(headers: IncomingMessage['headers']): readonly string[] | undefined {
  const { forwarded } = headers;
  const listed = headers['x-forwarded-for'];
  const old = listed === undefined ? undefined : String(listed).split(',').map(withoutPort);
  if (forwarded === undefined) return old;
  const standard = forwardedHops(forwarded);
  return old === undefined || old.join() === standard?.join() ? standard : undefined;
}

function forwardedHops(header: string): readonly string[] | undefined {
  try {
    return parseForwarded(header).map((hop) => withoutPort(hop['for'] ?? 'unknown'));
  } catch {
    return undefined;
  }
}

/** `192.0.2.1:443` and `[2001:db8::1]:443` without their port. */
function withoutPort(node: string): string {
  const text = node.trim();
  const inBrackets = /^\[(.*)\](:\w+)?$/.exec(text)?.[1];
  return inBrackets ?? /^([\d.]+):\w+$/.exec(text)?.[1] ?? text;
}
