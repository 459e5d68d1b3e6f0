import type { ListedRow } from '../../core/index.ts';
import { isGatewayRow, originOf } from '../../viewer/index.ts';
import { oneLine } from '../text-format.ts';
import { type Finding, note, type Observation, passed, problem } from './finding.ts';

/** From so many hosts behind one address on there is a finding; two may be two programs of one computer. */
const suspiciousHosts = 3;

/**
 * Finds a proxy that hides where clients are: the gateway sees its address instead of theirs (PI3).
 *
 * Certain when clients report addresses of their own that differ from the one that all of them share; else, when many hosts share
 * one, it may be a proxy or a router.
 */
export function addressFindings(observation: Observation): readonly Finding[] {
  const { rows, trustedProxies } = observation;
  const clients = rows.filter((row) => !isGatewayRow(row) && originOf(row) === 'connection');
  const shared = sharedAddress(clients);
  if (shared === undefined)
    return clients.length === 0 ? [] : [passed('no proxy hides the addresses of clients')];
  const hidden = reportedAddresses(clients, shared, rows);
  const change = adviceFor(shared, trustedProxies);
  if (hidden.size >= 2) {
    const seen = shared === here ? "the gateway's own computer" : shared;
    return [problem(`a proxy at ${seen} hides the addresses of ${clients.length} clients: ${change}`)];
  }
  const hosts = new Set(clients.map(({ host }) => host?.trim().toLowerCase()));
  const own = rows.find(isGatewayRow)?.ip;
  if (shared === here || shared === own || hosts.size < suspiciousHosts) return [];
  return [
    note(`${hosts.size} hosts have the one address ${oneLine(shared, 64)}: if a proxy is there, ${change}`),
  ];
}

/** Stands for the loopback address, which gateways do not show (PI1). */
const here = 'loopback';

/** The address from which all clients come; undefined when there are several, or fewer than two clients. */
function sharedAddress(clients: readonly ListedRow[]): string | undefined {
  const addresses = new Set(clients.map(seenAddress));
  const [address] = addresses;
  return clients.length >= 2 && addresses.size === 1 ? address : undefined;
}

function seenAddress({ observedIp, ip, sources }: ListedRow): string {
  return observedIp ?? (sources === undefined ? ip : undefined) ?? here;
}

/** Addresses that clients report as their own, where those are not the one that the gateway saw, nor its own. */
function reportedAddresses(
  clients: readonly ListedRow[],
  seen: string,
  rows: readonly ListedRow[],
): ReadonlySet<string> {
  const own = rows.find(isGatewayRow)?.ip;
  const reported = clients.flatMap(({ reportedIp }) => reportedIp ?? []);
  return new Set(reported.filter((address) => address !== seen && address !== own));
}

function adviceFor(shared: string, trustedProxies: readonly string[] | undefined): string {
  const range = shared === here ? '127.0.0.1,::1' : oneLine(shared, 64);
  if (trustedProxies !== undefined && trustedProxies.length > 0) {
    return `the gateway believes ${oneLine(trustedProxies.join(', '))}: add ${range}, or let the proxy send X-Forwarded-For`;
  }
  return `start the gateway with --trusted-proxies ${range} (OpenClaw: gateway.trustedProxies) and let the proxy send X-Forwarded-For`;
}
