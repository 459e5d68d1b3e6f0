import { isCanonicalIpv4 } from '../../core/index.ts';

/** An instance with connections from several computers: its identity was copied. */
export interface SharedInstance {
  readonly key: string;
  /** Host name and address of each connection that differs, as far as they are known. */
  readonly places: readonly string[];
}

/** Where a connection comes from: the display name of its handshake, and the address that was observed. */
export interface Place {
  readonly host: string | undefined;
  readonly address: string | undefined;
}

/** Most instances, and most places of each, that are named. */
const maxShared = 50;
const maxPlaces = 10;

/**
 * Finds the instances whose live connections come from several computers. Display names tell two computers apart, and IPv4
 * addresses: one computer may have several IPv6 addresses at once.
 */
export function findShared(
  connections: Iterable<readonly [key: string, place: Place]>,
): readonly SharedInstance[] {
  const byKey = new Map<string, Place[]>();
  for (const [key, place] of connections) {
    const places = byKey.get(key);
    if (places === undefined) byKey.set(key, [place]);
    else places.push(place);
  }
  return [...byKey]
    .filter(([, places]) => areOfSeveralComputers(places))
    .slice(0, maxShared)
    .map(([key, places]) => ({ key, places: [...new Set(places.map(placeText))].slice(0, maxPlaces) }));
}

function areOfSeveralComputers(places: readonly Place[]): boolean {
  const hosts = new Set(places.flatMap(({ host }) => host?.trim().toLowerCase() || []));
  const addresses = new Set(places.flatMap(({ address = '' }) => (isCanonicalIpv4(address) ? address : [])));
  return hosts.size > 1 || addresses.size > 1;
}

function placeText({ host = 'unnamed', address }: Place): string {
  return address === undefined ? host : `${host} at ${address}`;
}
