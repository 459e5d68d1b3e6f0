import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { createRoster, type Facts } from '../../core/index.ts';
import { beaconRefusal, type Caller, rosterRefusal } from './caller.ts';

const clock = new ManualClock();
const roster = createRoster();
roster.setSelf({ instanceId: 'gw' }, clock.now());
const join = (connectionId: string, facts: Facts, role = 'operator'): void => {
  roster.connect({ connectionId, facts, role, scopes: [] }, clock.now());
};
join('c1', { instanceId: 'mine', deviceId: 'd1' });
join('c2', { instanceId: 'theirs', deviceId: 'd2' });
join('c3', { mode: 'cli', instanceId: 'hidden' });

const reader: Caller = {
  connectionId: 'c1',
  role: 'operator',
  scopes: ['operator.read'],
  deviceId: 'd1',
  credential: 'token',
};
const node: Caller = { ...reader, role: 'node', scopes: ['operator.admin'] };

function codeOf(facts: Facts, caller: Caller): unknown {
  const { connectionId } = caller;
  const update = { facts, ...(connectionId === undefined ? {} : { connectionId }) };
  const error = beaconRefusal(update, caller, roster);
  return error === undefined ? 'allowed' : (error.details?.['code'] ?? error.message);
}

describe('beaconRefusal', () => {
  it.each<[string, Facts]>([
    ['its instance id', { instanceId: 'mine' }],
    ['its instance id in other letter case', { instanceId: ' MINE' }],
    ['its device id', { deviceId: 'd1' }],
    ['nothing that names a row', { version: '2' }],
    ['its verified device id beside its instance id', { instanceId: 'mine', deviceId: 'd1' }],
  ])('[PA5] everybody may write the own row by %s', (_, facts) => {
    expect(codeOf(facts, reader)).toBe('allowed');
    expect(codeOf(facts, node)).toBe('allowed');
  });

  it.each<[string, Facts]>([
    ['the instance id of another', { instanceId: 'theirs' }],
    ['the device id of another', { deviceId: 'd2' }],
    ['an instance that nobody knows', { instanceId: 'new' }],
    ['a host', { host: 'somewhere' }],
    ['an unverified device id on the own row', { instanceId: 'mine', deviceId: 'd2' }],
  ])('[PA5] [PA3] only writers may write by %s', (_, facts) => {
    expect(codeOf(facts, reader)).toBe('MISSING_SCOPE');
    expect(codeOf(facts, node)).toBe('FOREIGN_ROW');
    for (const scope of ['operator.write', 'operator.admin']) {
      expect(codeOf(facts, { ...reader, scopes: [scope] })).toBe('allowed');
    }
  });

  it('[PA5] a caller without a row, hidden or without connection, writes none without scope', () => {
    const hidden = { ...reader, connectionId: 'c3', deviceId: undefined };
    const request = { ...reader, connectionId: undefined, deviceId: undefined };
    for (const caller of [hidden, request])
      expect(codeOf({ instanceId: 'new' }, caller)).toBe('MISSING_SCOPE');
  });

  it.each<[string, Facts]>([
    ['its key', { instanceId: 'GW' }],
    ['its mode and reason', { instanceId: 'new', mode: 'gateway', reason: 'self' }],
    ['its mode and reason in other letter case', { instanceId: 'mine', mode: 'Gateway', reason: 'SELF' }],
  ])('[PR2] nobody may claim the row of the gateway by %s', (_, facts) => {
    expect(codeOf(facts, reader)).toBe('SELF_ROW');
    expect(codeOf(facts, node)).toBe('SELF_ROW');
  });

  it('[PR2] for a writer the roster checks that, so that the row of its beacon is looked up only once', () => {
    const unasked = { ...roster, target: () => expect.unreachable('the row was looked for') };
    const writer = { ...reader, scopes: ['operator.write'] };
    expect(beaconRefusal({ facts: { instanceId: 'GW' } }, writer, unasked)).toBeUndefined();
    expect(roster.beacon({ facts: { instanceId: 'GW' } }, clock.now())).toHaveProperty('refusal');
  });
});

describe('rosterRefusal', () => {
  it.each([
    ['self-row', 'the row of the gateway itself cannot be written'],
    ['no-key', 'text required'],
    ['unknown-connection', 'only the row of the own connection can be written'],
  ] as const)('[PW10] puts %s into the words of the wire', (refused, message) => {
    expect(rosterRefusal({ refused, message: '' }).message).toBe(message);
  });
});
