import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import type { MessageSource } from './unfinished-messages.ts';
import { UnfinishedMessages, unfinishedLimits } from './unfinished-messages.ts';

const limits = {
  messageTimeoutMs: 1_000,
  maxUnfinishedBytesPerClient: 100,
  maxUnfinishedBytes: 250,
  chunkOverheadBytes: 0,
};

function fixture() {
  const clock = new ManualClock();
  const messages = new UnfinishedMessages({ ...limits, clock });
  const ended: string[] = [];
  const source = (name: string, group = name): MessageSource => ({
    group,
    end: ({ closeReason }) => void ended.push(`${name}: ${closeReason}`),
  });
  return { clock, messages, ended, source };
}

describe('unfinished messages', () => {
  it('[PL6] end their connection when they take too long, and no other', () => {
    const { clock, messages, ended, source } = fixture();
    const [slow, quick] = [source('slow'), source('quick')];
    messages.add(slow, 10);
    messages.add(quick, 10);
    messages.remove(quick);
    clock.advance(999);
    messages.run(clock.now());
    expect(ended).toEqual([]);
    clock.advance(1);
    expect(messages.run(clock.now())).toBeUndefined();
    expect(ended).toEqual(['slow: message timeout']);
    expect(messages.bytes).toBe(0);
  });

  it('[PL6] of one client are bounded together', () => {
    const { messages, ended, source } = fixture();
    messages.add(source('a', 'one'), 60);
    messages.add(source('b', 'one'), 41);
    messages.add(source('c', 'two'), 60);
    expect(ended).toEqual(['b: too many unfinished bytes']);
  });

  it('[PL6] what an ended connection holds counts against its client until it is gone', () => {
    const { messages, ended, source } = fixture();
    const first = source('a', 'one');
    messages.add(first, 60);
    const second = source('b', 'one');
    messages.add(second, 90);
    messages.add(source('c', 'one'), 1);
    expect(ended).toEqual(['b: too many unfinished bytes', 'c: too many unfinished bytes']);
    messages.remove(second);
    messages.add(source('d', 'one'), 30);
    expect(ended).toHaveLength(2);
    expect(messages.bytes).toBe(90);
  });

  it('[PL6] over the bound of all, the one that began first goes', () => {
    const { messages, ended, source } = fixture();
    for (const name of ['a', 'b', 'c']) messages.add(source(name), 90);
    expect(ended).toEqual(['a: too many unfinished bytes']);
    expect(messages.bytes).toBe(180);
  });

  it('[PL6] a control frame that came in two chunks leaves no bytes counted', () => {
    const { clock, messages, ended, source } = fixture();
    const one = source('one');
    messages.add(one, 3);
    messages.add(one, -3);
    clock.advance(5_000);
    messages.run(clock.now());
    expect([ended, messages.bytes]).toEqual([[], 0]);
  });

  it('[PL6] a whole message fits into every bound, in the chunks of a network', () => {
    const { clock } = fixture();
    for (const maxPayloadBytes of [1_024, 4_194_304]) {
      const messages = new UnfinishedMessages({ ...unfinishedLimits({ ...limits, maxPayloadBytes }), clock });
      const ended: unknown[] = [];
      const source = { group: 'one', end: (close: unknown) => void ended.push(close) };
      const wholeBytes = Math.max(maxPayloadBytes, 1_048_576);
      for (let sent = 0; sent < wholeBytes; sent += 1_024) messages.add(source, 1_024);
      expect(ended).toEqual([]);
    }
  });

  it('[PL6] chunks cost more than their bytes, so that tiny ones do not fill the memory', () => {
    const clock = new ManualClock();
    const messages = new UnfinishedMessages({
      ...limits,
      ...{ maxUnfinishedBytesPerClient: 2_600, maxUnfinishedBytes: 10_000, chunkOverheadBytes: 256, clock },
    });
    const ended: unknown[] = [];
    const one = { group: 'one', end: (close: unknown) => void ended.push(close) };
    for (let piece = 0; piece < 10; piece += 1) messages.add(one, 1);
    expect([ended, messages.bytes]).toEqual([[], 2_570]);
    messages.add(one, 1);
    expect([ended.length, messages.bytes]).toEqual([1, 0]);
  });

  it('[PL6] a control frame that came in two chunks leaves no cost counted', () => {
    const clock = new ManualClock();
    const messages = new UnfinishedMessages({ ...limits, chunkOverheadBytes: 20, clock });
    const one = { group: 'one', end: () => {} };
    messages.add(one, 3);
    messages.add(one, -3);
    expect(messages.bytes).toBe(0);
  });

  it('[PL6] never holds more than its bounds, whatever comes', () => {
    const step = fc.record({ who: fc.nat({ max: 5 }), bytes: fc.integer({ min: -50, max: 120 }) });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { messages, source } = fixture();
        const sources = [0, 1, 2, 3, 4, 5].map((who) => source(`${who}`, `${who % 2}`));
        for (const { who, bytes } of steps) {
          const one = sources[who];
          if (one === undefined) continue;
          if (bytes === 0) messages.remove(one);
          else messages.add(one, bytes);
          expect(messages.bytes).toBeGreaterThanOrEqual(0);
          expect(messages.bytes).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});
