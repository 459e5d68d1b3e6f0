import { describe, expect, it } from 'vitest';
import type { ListedRow } from '../core/index.ts';
import { findDuplicates } from './duplicate-rows.ts';

const ts = 1_000;
const connected: ListedRow = { host: 'desk', mode: 'ui', reason: 'connect', roles: ['operator'], ts };
const left: ListedRow = { ...connected, reason: 'disconnect' };
const beacon: ListedRow = { host: 'desk', mode: 'ui', reason: 'periodic', ts };

const causesOf = (...rows: ListedRow[]): readonly string[] => findDuplicates(rows).map(({ cause }) => cause);

describe('the cause of rows that are one instance', () => {
  it('a handshake without instance id, again and again', () => {
    expect(causesOf(connected, left)).toEqual(['handshake-without-instance-id']);
    expect(causesOf(left, { ...left })).toEqual(['handshake-without-instance-id']);
  });

  it('beacons with another instance id', () => {
    expect(causesOf({ ...connected, instanceId: 'a' }, { ...beacon, instanceId: 'b' })).toEqual([
      'beacon-with-other-instance-id',
    ]);
  });

  it('a connection without the instance id that its beacons have', () => {
    expect(causesOf(connected, { ...beacon, instanceId: 'b' })).toEqual(['connection-without-instance-id']);
    expect(causesOf({ ...beacon, instanceId: 'b', mode: undefined } as never, left)).toEqual([
      'connection-without-instance-id',
    ]);
  });

  it('a new instance id at each start', () => {
    expect(causesOf({ ...connected, instanceId: 'a' }, { ...left, instanceId: 'b' })).toEqual([
      'new-instance-id-at-each-start',
    ]);
  });

  it.each([
    ['two connected rows', { ...connected, instanceId: 'a1' }, { ...connected, instanceId: 'a1', ts: 9 }],
    ['another letter case', { ...connected, instanceId: 'a1' }, { ...connected, instanceId: 'A1' }],
    ['beacons in two letter cases', { ...beacon, instanceId: 'a1' }, { ...beacon, instanceId: ' A1' }],
    ['two Unicode forms', { ...beacon, instanceId: 'zo\u00eb' }, { ...beacon, instanceId: 'zoe\u0308' }],
    ['an invisible character', { ...beacon, instanceId: 'a1' }, { ...beacon, instanceId: 'a\u200b1' }],
    ['one that left', { ...connected, instanceId: 'a1' }, { ...left, instanceId: 'a1' }],
    ['its own beacon', { ...connected, instanceId: 'a1' }, { ...beacon, instanceId: 'a1' }],
    [
      'a moved computer',
      { ...connected, instanceId: 'a1', ip: '192.0.2.1' },
      { ...left, instanceId: 'a1', ip: '192.0.2.2' },
    ],
  ])('[PK1] one instance id in several rows: %s', (_, a, b) => {
    expect(causesOf(a, b)).toEqual(['one-id-in-several-rows']);
  });

  const clone = { ...connected, deviceId: 'd', instanceId: 'a1', ip: '192.0.2.1' };
  it.each([
    ['one id on two hosts', clone, { ...clone, host: 'copy' }],
    ['one id at two addresses', clone, { ...clone, instanceId: 'A1', ip: '192.0.2.2' }],
    ['one device on two hosts', clone, { ...clone, instanceId: 'b2', host: 'copy' }],
    ['one device at two addresses', clone, { ...clone, instanceId: 'b2', ip: '192.0.2.2' }],
  ])('an identity that is in use twice: %s', (_, a, b) => {
    expect(causesOf(a, b)).toEqual(['identity-in-use-twice']);
  });

  it('two windows of one device are none', () => {
    expect(causesOf(clone, { ...clone, instanceId: 'b2' })).toEqual([]);
    expect(causesOf(clone, { ...clone, instanceId: 'b2', ip: '2001:db8::1' })).toEqual([]);
  });

  it('belongs together by device id whatever the names', () => {
    const device = { deviceId: 'AB', instanceId: 'a', host: 'x' };
    expect(
      causesOf({ ...connected, ...device }, { ...beacon, deviceId: 'ab', instanceId: 'b', host: 'y' }),
    ).toEqual(['beacon-with-other-instance-id']);
  });

  it('uses the source that our own gateway sends instead of guessing', () => {
    const sources = {
      host: 'beacon',
      mode: 'beacon',
      reason: 'beacon',
      instanceId: 'beacon',
      roles: 'beacon',
    };
    const view = { connections: 0, sources } as ListedRow;
    const live = { connections: 1, sources: {} };
    expect(causesOf({ ...beacon, ...live }, { ...beacon, ...view, instanceId: 'b', roles: ['x'] })).toEqual([
      'connection-without-instance-id',
    ]);
  });
});

describe('rows that are two instances', () => {
  it.each([
    ['two windows that are both open', connected, { ...connected }],
    ['two open windows with ids', { ...connected, instanceId: 'a' }, { ...connected, instanceId: 'b' }],
    ['other hosts', connected, { ...left, host: 'other' }],
    ['other modes', connected, { ...left, mode: 'webchat' }],
    ['other addresses', { ...connected, ip: '192.0.2.1' }, { ...left, ip: '192.0.2.2' }],
    ['other devices', { ...connected, deviceId: 'a' }, { ...left, deviceId: 'b' }],
    ['two beacons', { ...beacon, instanceId: 'a' }, { ...beacon, instanceId: 'b' }],
    [
      'the gateway and a client on its computer',
      { ...connected, mode: 'gateway', reason: 'self' },
      { ...beacon, instanceId: 'b' },
    ],
  ])('%s', (_, a, b) => {
    expect(findDuplicates([a, b])).toEqual([]);
  });
});
