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

  it('belongs together by device id whatever the names', () => {
    const device = { deviceId: 'AB', instanceId: 'a', host: 'x' };
    expect(
      causesOf({ ...connected, ...device }, { ...beacon, deviceId: 'ab', instanceId: 'b', host: 'y' }),
    ).toEqual(['beacon-with-other-instance-id']);
  });

  it('reads what our own gateway says instead of guessing', () => {
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
