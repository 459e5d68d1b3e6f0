import { describe, expect, it } from 'vitest';
import { contribution, memberRecord } from '../../../test/harness/engine-recorder.ts';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { ManualTimers } from '../../../test/harness/manual-timers.ts';
import type { Contribution } from '../../core/index.ts';
import type { Publication } from './engine.ts';
import { Publisher } from './publisher.ts';

function fixture() {
  const clock = new ManualClock();
  const timers = new ManualTimers(clock);
  const sent: { readonly atMs: number; readonly publication: Publication }[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let outbox: Contribution[] = [];
  const publisher = new Publisher({
    publish: (publication) => {
      sent.push({ atMs: clock.monoMs, publication });
      return new Promise((resolve, reject) => answers.push({ resolve, reject }));
    },
    outbox: { take: () => outbox.splice(0), record: () => memberRecord('a@1', clock.wallMs) },
    delay: timers,
    clock,
    replicateMs: 100,
    counts: {
      ...{ publications: 0, contributionsSent: 0, contributionsReceived: 0 },
      ...{ snapshots: 0, losses: 0, repairs: 0, refused: 0 },
    },
  });
  return {
    publisher,
    timers,
    sent,
    change: (key: string) => {
      outbox = [...outbox, contribution('a@1', key, clock.wallMs)];
      publisher.wake();
    },
    answer: async () => {
      answers.shift()?.resolve();
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    },
    fail: async () => {
      answers.shift()?.reject(new Error('lost'));
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    },
    keys: () => sent.map(({ publication }) => publication.contributions.map(({ key }) => key)),
  };
}

async function announced() {
  const parts = fixture();
  parts.publisher.announce([]);
  await Promise.resolve();
  parts.timers.advance(0);
  await parts.answer();
  parts.sent.length = 0;
  parts.timers.advance(100);
  return parts;
}

describe('what a gateway publishes to its cluster', () => {
  it('publishes a change at once after a quiet time', async () => {
    const { change, timers, keys } = await announced();
    change('x');
    timers.advance(0);
    expect(keys()).toEqual([['x']]);
  });

  it('[PC6] makes at most one publication per replicateMs, with all that came meanwhile', async () => {
    const { change, timers, keys, answer, sent } = await announced();
    for (let count = 0; count < 300; count++) {
      change(`row-${count % 3}`);
      timers.advance(1);
      await answer();
    }
    expect(sent.length).toBeLessThanOrEqual(4);
    expect(sent.slice(1).every(({ atMs }, index) => atMs - (sent[index]?.atMs ?? 0) >= 100)).toBe(true);
    expect(keys()[1]?.length).toBeGreaterThan(90);
  });

  it('waits for a slow engine instead of queueing publications', async () => {
    const { change, timers, sent, answer } = await announced();
    change('x');
    timers.advance(0);
    change('y');
    timers.advance(1_000);
    expect(sent).toHaveLength(1);
    await answer();
    timers.advance(0);
    expect(sent).toHaveLength(2);
  });

  it('announces in parts, with its record in the last', async () => {
    const { publisher, sent, answer, timers } = fixture();
    publisher.announce([...Array(600).keys()].map((n) => contribution('a@1', `row-${n}`, n)));
    for (let part = 0; part < 3; part++) await answer();
    timers.advance(0);
    expect(sent.map(({ publication }) => publication.contributions.length)).toEqual([250, 250, 100, 0]);
    expect(sent.map(({ publication }) => publication.record !== undefined)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('publishes nothing after a failure until it announces anew', async () => {
    const { change, timers, sent, fail, publisher } = await announced();
    change('x');
    timers.advance(0);
    await fail();
    change('y');
    timers.advance(1_000);
    expect(sent).toHaveLength(1);
    publisher.announce([]);
    await Promise.resolve();
    timers.advance(100);
    expect(sent).toHaveLength(2);
  });
});
