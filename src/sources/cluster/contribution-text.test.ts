import { describe, expect, it } from 'vitest';
import { contribution, memberRecord, tombstone } from '../../../test/harness/engine-recorder.ts';
import { contributionText, parseContribution, parseText } from './contribution-text.ts';
import { parseRecord, readContributions, recordText } from './publication-text.ts';

const full = contribution('a@1', 'x', 5, {
  host: 'desk',
  tags: ['one'],
  sources: { host: 'beacon' },
  hostStats: { cpuCount: 2, memoryTotalBytes: 2, memoryFreeBytes: 1 },
});
const travelled = (value: object): unknown => parseText(JSON.stringify(value));

describe('what travels between gateways', () => {
  it('is read as it was written, to the byte', () => {
    const renewed = { ...full, factsStamp: { ...full.stamp, ms: 4 } };
    for (const one of [full, renewed, tombstone('a@1', 'x', 6)]) {
      expect(JSON.stringify(parseContribution(parseText(contributionText(one))))).toBe(JSON.stringify(one));
    }
    const record = memberRecord('a@1', 5);
    expect(parseRecord(parseText(recordText(record)))).toEqual(record);
  });

  it('[PC9] of a newer gateway keeps facts, producers and whatever else a row has', () => {
    const view = {
      ...full.view,
      moonPhase: 'full',
      battery: { percent: 80 },
      sources: { host: 'lldp', moonPhase: 'beacon', battery: 'upstream' },
    };
    expect(parseContribution(travelled({ ...full, v: 2, view, colour: 'red' }))).toEqual({ ...full, view });
    expect(parseContribution(travelled({ ...full, factsStamp: 'yesterday' }))).toEqual(full);
    expect(parseRecord(travelled({ ...memberRecord('a@1', 5), extra: 1 }))).toEqual(memberRecord('a@1', 5));
  });

  it('[PC9] [PA3] a producer in an unknown form is not the handshake', () => {
    const view = { ...full.view, sources: { host: { by: 'beacon' } } };
    expect(parseContribution(travelled({ ...full, view }))?.view?.sources).toEqual({ host: 'unknown' });
  });

  it('[PF1] leaves out a fact of the wrong kind', () => {
    const view = {
      ...full.view,
      host: 7,
      lastInputSeconds: -1,
      roles: [],
      rttMs: 1.5,
      sources: full.view?.sources,
    };
    const { host: _, ...rest } = full.view ?? { host: '' };
    expect(parseContribution(travelled({ ...full, view }))?.view).toEqual(rest);
  });

  it.each([
    ['no object', 'text'],
    ['no stamp', { ...full, stamp: {} }],
    ['another key inside', { ...full, key: 'y' }],
    ['a view without its sources', { ...full, view: { ...full.view, sources: 'none' } }],
    ['a view without its times', { ...full, view: { key: 'x' } }],
  ])('leaves alone what has %s', (_, value) => {
    expect(parseContribution(value)).toBeUndefined();
    expect(readContributions([value, full], 'a@1')).toEqual({ contributions: [full], unreadable: ['a@1'] });
  });

  it('accepts no other text', () => {
    expect(parseText('{')).toBeUndefined();
    expect(readContributions(undefined, 'a@1')).toEqual({ contributions: [], unreadable: [] });
    expect(parseRecord(undefined)).toBeUndefined();
  });
});
