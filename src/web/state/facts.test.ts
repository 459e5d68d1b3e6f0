import { describe, expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import { createFormats } from '../format/formats.ts';
import { en } from '../i18n/en.ts';
import { enLater } from '../i18n/en-later.ts';
import { factSections, provenanceText } from './facts.ts';
import { storyOf } from './story.ts';

const english = { ...en, ...enLater };

const formats = createFormats('en');
const factsOf = (row: Instance) => factSections(row, formats, english).flatMap(({ facts }) => facts);
const sourcesOf = (row: Instance): object =>
  Object.fromEntries(factsOf(row).map(({ field, source }) => [field, source]));

const row: Instance = {
  key: 'a',
  ts: 1,
  host: 'desk',
  mode: 'ui',
  ip: '192.0.2.1',
  platform: 'macos 15.1',
  roles: ['operator'],
  text: 'Node: desk · mode ui',
};

describe('the producers of the facts in the details', () => {
  it('[PF3] are the handshake where no other is named', () => {
    expect(sourcesOf({ ...row, sources: { ip: 'socket', platform: 'beacon' } })).toEqual({
      host: 'connect',
      mode: 'connect',
      roles: 'connect',
      ip: 'socket',
      platform: 'beacon',
      text: undefined,
      key: undefined,
    });
  });

  it('[PF3] are not shown for rows of other gateways', () => {
    expect(Object.values(sourcesOf(row)).filter((source) => source !== undefined)).toEqual([]);
    expect(provenanceText(factsOf(row), english, formats)).toBeUndefined();
  });

  it('are one line', () => {
    expect(provenanceText(factsOf({ ...row, sources: { ip: 'socket' } }), english, formats)).toBe(
      'Sources: its socket (Address); everything else from its handshake.',
    );
  });
});

describe('the summary of an instance', () => {
  const nowMs = 3_600_000;
  const tell = (facts: Partial<Instance>): string =>
    storyOf({ ...row, ...facts } as Instance, nowMs, english, formats);
  it.each<[Partial<Instance>, RegExp]>([
    [
      { connections: 1, ts: nowMs, connectedAtMs: nowMs - 660_000, lastInputSeconds: 180 },
      /^Online for 11 minutes\. Address 192\.0\.2\.1\. Last input 3m ago\.$/,
    ],
    [{ connections: 0, ts: nowMs - 8_000 }, /^Last report 8s ago; not connected\./],
    [{ connections: 0, ts: nowMs - 200_000 }, /^Silent: last report 3m ago\./],
    [
      {
        connections: 0,
        ts: nowMs,
        disconnectedAtMs: nowMs - 52_000,
        cause: { code: 'connection-lost' },
      } as never,
      /^Disconnected 52s ago \(.+\)\. Cause: Connection lost\./,
    ],
    [{ ts: nowMs - 9_000, unreachableSinceMs: 5 }, /^Its gateway has been unreachable; last heard 9s ago\./],
  ])('%j: %s', (facts, expected) => {
    expect(tell(facts)).toMatch(expected);
  });
});
