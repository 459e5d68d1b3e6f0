import { describe, expect, it } from 'vitest';
import { bareDialect } from './bare-dialect.ts';
import type { ListedRow } from './dialect.ts';
import { beaconFacts } from './facts.ts';
import { gatewayDialect } from './gateway-dialect.ts';
import { Ledger, Lookout } from './ledger.ts';
import type { Message } from './message.ts';
import { Step, StepCache } from './step.ts';
import { OWN_END_BYTES } from './telling.ts';
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

  it('finds the step of what clients are told together, and takes an end for the own one only when it is a sequence number', () => {
    const cache = new StepCache(gatewayDialect);
    const payload = `{"epoch":"e","from":0,"to":1,"now":5,"upsert":[{"key":"${'a'.repeat(5_000)}"}],"remove":[]}`;
    const toldTo = (end: string): Message => {
      const bytes = Buffer.from(`{"type":"event","event":"presence.delta","payload":${payload},${end}}`);
      const telling = cache.recall(bytes, bytes.length);
      if (telling === undefined) throw new Error('nothing was recalled');
      const ownFrom = bytes.length - OWN_END_BYTES;
      telling.take(bytes.subarray(0, ownFrom), 0);
      const told = { telling, ownFrom, ownEnd: bytes.subarray(ownFrom) };
      return { length: bytes.length, head: bytes, tail: bytes, told };
    };
    const first = cache.step(1, toldTo('"seq":7'));
    expect(first?.content.upsert).toEqual([{ key: 'a'.repeat(5_000) }]);
    expect(cache.step(1, toldTo('"seq":12'))).toBe(first);
    expect(cache.step(1, toldTo('"other":8'))).not.toBe(first);
  });

  it('recalls nothing by a start that many messages may have', () => {
    const cache = new StepCache(gatewayDialect);
    expect(cache.recall(Buffer.from('{"type":"event"'), 5_000)).toBeUndefined();
  });
});

describe('Lookout', () => {
  it('counts a beacon that a newer one replaced as seen with the newer', () => {
    const ledger = new Ledger(1);
    const lookout = new Lookout(ledger);
    lookout.startCounting(0);
    ledger.next(0, 10);
    ledger.next(0, 20);
    expect(lookout.isCurrent()).toBe(false);
    lookout.look(step(0, [beaconFacts(0, 2)]), 50);
    expect(lookout.latenciesMs).toEqual([40, 30]);
    expect(lookout.isCurrent()).toBe(true);
  });

  it('leaves beacons of the warm-up out, whether they are seen before it ends or after', () => {
    const ledger = new Ledger(1);
    const lookout = new Lookout(ledger);
    ledger.next(0, 2);
    lookout.look(step(0, [beaconFacts(0, 1)]), 5);
    ledger.next(0, 10);
    lookout.startCounting(15);
    ledger.next(0, 20);
    lookout.look(step(0, [beaconFacts(0, 3)]), 50);
    expect(lookout.latenciesMs).toEqual([30]);
  });
});
