import { describe, expect, it } from 'vitest';
import { findShared, type Place } from './shared-instances.ts';

const shared = (...places: Place[]): readonly string[][] =>
  findShared(places.map((place) => ['a1', place] as const)).map((found) => [...found.places]);
const desk: Place = { host: 'desk', address: '192.0.2.1' };

describe('[PO8] instances that are connected from several computers', () => {
  it.each([
    ['host names', { ...desk, host: 'copy' }, ['desk at 192.0.2.1', 'copy at 192.0.2.1']],
    ['IPv4 addresses', { ...desk, address: '192.0.2.2' }, ['desk at 192.0.2.1', 'desk at 192.0.2.2']],
    ['an address that is not known', { host: 'copy', address: undefined }, ['desk at 192.0.2.1', 'copy']],
  ])('are told by %s', (_, other, places) => {
    expect(shared(desk, other)).toEqual([places]);
  });

  it.each([
    ['two windows', desk],
    ['a name in other letters', { ...desk, host: 'DESK ' }],
    ['IPv4 and IPv6 of one computer', { ...desk, address: '2001:db8::1' }],
    ['a connection without a name', { ...desk, host: undefined }],
  ])('%s are one computer', (_, other) => {
    expect(shared(desk, other)).toEqual([]);
  });

  it('names no more than 50 instances and 10 places of each', () => {
    const many = Array.from({ length: 60 }, (_, at) => `k${at}`).flatMap((key) =>
      Array.from({ length: 20 }, (_, at) => [key, { host: `h${at}`, address: undefined }] as const),
    );
    const found = findShared(many);
    expect(found).toHaveLength(50);
    expect(found[0]?.places).toHaveLength(10);
  });
});
