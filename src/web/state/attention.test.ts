import { describe, expect, it } from 'vitest';
import type { Instance } from '../../client/index.ts';
import { attentionOf, presenceStateOf } from '../../viewer/index.ts';
import { surveyOf } from './attention.ts';

const nowMs = 10_000_000;
const row = (facts: Partial<Instance> = {}): Instance => ({ key: 'a', ts: nowMs, connections: 1, ...facts });
const whyOf = (facts: Partial<Instance>, leaves = 0): string | undefined => {
  const instance = row(facts);
  return attentionOf(instance, { state: presenceStateOf(instance, nowMs), nowMs, leaves })?.why;
};
const left = { connections: 0, disconnectedAtMs: nowMs - 52_000 };
const stats = { cpuCount: 4, memoryTotalBytes: 100, memoryFreeBytes: 50, diskTotalBytes: 100 };

describe('what needs attention', () => {
  it.each<[string, Partial<Instance>, string | undefined]>([
    ['a connected row', {}, undefined],
    ['one that left a minute ago', left, 'disconnected'],
    ['one that left long ago', { connections: 0, disconnectedAtMs: nowMs - 700_000 }, undefined],
    ['a beacon that has been silent for minutes', { connections: 0, ts: nowMs - 200_000 }, 'idle'],
    ['one whose gateway is away', { unreachableSinceMs: 1 }, 'unreachable'],
    ['a full disk', { hostStats: { ...stats, diskAvailableBytes: 6 } }, 'load'],
    ['a disk with room', { hostStats: { ...stats, diskAvailableBytes: 60 } }, undefined],
    ['somebody who only watches', { ...left, mode: 'viewer' }, undefined],
    ['a muted row', { ...left, annotations: { mute: true } } as Partial<Instance>, undefined],
  ])('%s: %j → %s', (_, facts, expected) => {
    expect(whyOf(facts)).toBe(expected);
  });

  it('a row that leaves again and again', () => {
    expect(whyOf({}, 3)).toBe('flapping');
    expect(whyOf({}, 2)).toBe(undefined);
  });
});

it('does not count disconnected rows as online, and counts viewers apart', () => {
  const rows = [
    row(),
    row({ key: 'b', ...left }),
    row({ key: 'c', connections: 0, ts: nowMs - 200_000 }),
    row({ key: 'd', mode: 'viewer' }),
  ];
  const survey = surveyOf(rows, nowMs, () => 0);
  expect(survey).toMatchObject({ total: 3, online: 1, viewers: 1 });
  expect(survey.left.map(({ key }) => key)).toEqual(['b']);
  expect(survey.quiet.map(({ key }) => key)).toEqual(['c']);
  expect(survey.concerns.map(({ instance }) => instance.key)).toEqual(['b', 'c']);
});
