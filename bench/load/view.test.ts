import { describe, expect, it } from 'vitest';
import { bareDialect } from './bare-dialect.ts';
import type { ListedRow } from './dialect.ts';
import { beaconFacts } from './facts.ts';
import { gatewayDialect } from './gateway-dialect.ts';
import type { Message } from './message.ts';
import { LatencySampler, SentBeacons } from './sent-beacons.ts';
import { OWN_END_BYTES } from './shared-message.ts';
import { Step, StepCache } from './step.ts';
import { difference, View } from './view.ts';

function delta(from: number, upsert: readonly unknown[], remove: readonly string[] = []): Buffer {
  return Buffer.from(JSON.stringify({ t: 'delta', from, to: from + 1, upsert, remove }));
}

function step(from: number, upsert: readonly unknown[], remove: readonly string[] = []): Step {
  return new Step(delta(from, upsert, remove), bareDialect);
}

function message(whole: Buffer): Message {
  return { length: whole.length, head: whole, tail: whole, whole };
}

describe('View', () => {
  it('is the list with every delta applied', () => {
    const view = new View(bareDialect);
    view.replace(step(0, [{ instanceId: 'a', text: '1' }, { instanceId: 'b' }]));
    view.apply(step(1, [{ instanceId: 'a', text: '2' }]));
    view.apply(step(2, [{ instanceId: 'c' }], ['b']));
    expect([...view.rows()]).toEqual([
      ['a', { instanceId: 'a', text: '2' }],
      ['c', { instanceId: 'c' }],
    ]);
  });
});

describe('difference', () => {
  const list = new Map<string, ListedRow>([['a', { instanceId: 'a', text: '1', ts: 5 }]]);

  it('is none for equal facts, whatever their order and time', () => {
    expect(difference(new Map([['a', { ts: 9, text: '1', instanceId: 'a' }]]), list)).toBeUndefined();
  });

  it('names what is missing, too many and wrong', () => {
    expect(difference(new Map(), list)).toBe('1 missing (a)');
    expect(difference(new Map([...list, ['b', {}]]), list)).toBe('1 too many (b)');
    expect(difference(new Map([['a', { instanceId: 'a', text: '0' }]]), list)).toBe(
      '1 wrong (a: text is "1", seen "0")',
    );
  });
});

describe('StepCache', () => {
  it('finds the step of a message with the same bytes', () => {
    const cache = new StepCache(bareDialect);
    const first = cache.step(1, message(delta(0, [{ instanceId: 'a' }])));
    expect(cache.step(1, message(delta(0, [{ instanceId: 'a' }])))).toBe(first);
    expect(cache.step(1, message(delta(0, [{ instanceId: 'b' }])))).not.toBe(first);
  });

  it('has none of a message that was only skimmed', () => {
    const { length, head, tail } = message(delta(0, [{ instanceId: 'a' }]));
    expect(new StepCache(bareDialect).step(1, { length, head, tail })).toBeUndefined();
  });

  it('finds the step of what clients receive together, and takes an end for the own one only when it is a sequence number', () => {
    const cache = new StepCache(gatewayDialect);
    const payload = `{"epoch":"e","from":0,"to":1,"now":5,"upsert":[{"key":"${'a'.repeat(5_000)}"}],"remove":[]}`;
    const receivedBy = (end: string): Message => {
      const bytes = Buffer.from(`{"type":"event","event":"presence.delta","payload":${payload},${end}}`);
      const sharedMessage = cache.recall(bytes, bytes.length);
      if (sharedMessage === undefined) throw new Error('nothing was recalled');
      const ownFrom = bytes.length - OWN_END_BYTES;
      sharedMessage.take(bytes.subarray(0, ownFrom), 0);
      const sharedUse = { sharedMessage, ownFrom, ownEnd: bytes.subarray(ownFrom) };
      return { length: bytes.length, head: bytes, tail: bytes, sharedUse };
    };
    const first = cache.step(1, receivedBy('"seq":7'));
    expect(first?.content.upsert).toEqual([{ key: 'a'.repeat(5_000) }]);
    expect(cache.step(1, receivedBy('"seq":12'))).toBe(first);
    expect(cache.step(1, receivedBy('"other":8'))).not.toBe(first);
  });

  it('finds nothing by a start that many messages may have', () => {
    const cache = new StepCache(gatewayDialect);
    expect(cache.recall(Buffer.from('{"type":"event"'), 5_000)).toBeUndefined();
  });
});

describe('LatencySampler', () => {
  it('counts a beacon that a newer one replaced as seen with the newer', () => {
    const beacons = new SentBeacons(1);
    const sampler = new LatencySampler(beacons);
    sampler.startCounting(0);
    beacons.next(0, 10);
    beacons.next(0, 20);
    expect(sampler.isCurrent()).toBe(false);
    sampler.look(step(0, [beaconFacts(0, 2)]), 50);
    expect(sampler.latenciesMs).toEqual([40, 30]);
    expect(sampler.isCurrent()).toBe(true);
  });

  it('leaves beacons of the warm-up out, whether they are seen before it ends or after', () => {
    const beacons = new SentBeacons(1);
    const sampler = new LatencySampler(beacons);
    beacons.next(0, 2);
    sampler.look(step(0, [beaconFacts(0, 1)]), 5);
    beacons.next(0, 10);
    sampler.startCounting(15);
    beacons.next(0, 20);
    sampler.look(step(0, [beaconFacts(0, 3)]), 50);
    expect(sampler.latenciesMs).toEqual([30]);
  });
});
