import ipaddr from 'ipaddr.js';
import { isCanonicalIpv4 } from '../../core/index.ts';

/**
 * What counts as one address when connections and failures are counted (PL1, PA7).
 *
 * IPv4-mapped addresses are their IPv4 address. An IPv6 host is given a whole /64 and may take another address out of it
 * for each connection, so the network counts as one. No address at all is one source too.
 */
export function sourceOf(address: string | undefined): string {
  if (address !== undefined && isCanonicalIpv4(address)) return address;
  const bare = address?.split('%')[0] ?? '';
  if (!ipaddr.isValid(bare)) return bare;
  const parsed = ipaddr.process(bare);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  if (parsed.range() === 'loopback') return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
