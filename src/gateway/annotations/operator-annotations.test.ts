import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { propertyRuns } from '../../../test/harness/property-runs.ts';
import type { AnnotationChange, InstanceView, Logger } from '../../core/index.ts';
import { silentLogger } from '../../core/index.ts';
import { OperatorAnnotations } from './operator-annotations.ts';

let folder: string;
let file: string;
const clock = new ManualClock();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-annotations-'));
  file = join(folder, 'annotations.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const row = (key: string): InstanceView => ({ key, ts: 1, connections: 0, firstSeenAtMs: 1, sources: {} });

/** Annotations of one gateway, stored in the file unless the options state otherwise. */
function annotations(name = 'a', inFile = true) {
  const problems: string[] = [];
  const error = (context: object): void =>
    void problems.push(String((context as { problem?: string }).problem));
  const logger: Logger = { ...silentLogger, error };
  const annotationsFile = inFile ? file : undefined;
  const kept = new OperatorAnnotations({ annotationsFile, memberId: `${name}@1`, clock, logger });
  const changed: string[] = [];
  kept.listen({ changed: (subjects) => void changed.push(...subjects), outgoing: () => {} });
  kept.start();
  const look = (): void => {
    clock.advance(1_001);
    kept.run(clock.now());
  };
  return { kept, problems, changed, look, of: (key: string) => kept.book.of(row(key)) };
}

describe('annotations in a file', () => {
  it('[PO4] outlive a restart and the row, in a file that only its owner can read', () => {
    annotations().kept.annotate(row('mac'), { name: 'Reception', labels: ['vip'] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(annotations('b').of('mac')).toEqual({ name: 'Reception', labels: ['vip'] });
  });

  it('[PO4] follow edits of the file: another name, a new record, and one that was removed', () => {
    const { kept, look, of, changed } = annotations();
    kept.annotate(row('mac'), { name: 'Reception' });
    kept.annotate(row('pi'), { name: 'Attic' });
    const text = JSON.parse(readFileSync(file, 'utf8')) as { annotations: object[] };
    const edited = [
      { ...text.annotations[0], name: 'Front desk' },
      { instance: 'NEW', owner: 'Anna' },
    ];
    writeFileSync(file, JSON.stringify({ annotations: edited }));
    changed.length = 0;
    look();
    expect([of('mac'), of('new'), of('pi')]).toEqual([{ name: 'Front desk' }, { owner: 'Anna' }, undefined]);
    expect(changed.sort()).toEqual(['instance:mac', 'instance:new', 'instance:pi']);
    look();
    expect(of('mac')).toEqual({ name: 'Front desk' });
    expect(annotations('c').of('new')).toEqual({ owner: 'Anna' });
  });

  it('[PO4] what another process wrote meanwhile is not overwritten', () => {
    const [first, second] = [annotations('a'), annotations('b')];
    first.kept.annotate(row('mac'), { name: 'Reception' });
    second.kept.annotate(row('pi'), { name: 'Attic' });
    first.look();
    for (const { of } of [first, second, annotations('c')]) {
      expect([of('mac'), of('pi')]).toEqual([{ name: 'Reception' }, { name: 'Attic' }]);
    }
  });

  it('[PO4] a file that cannot be used changes nothing and is not overwritten until it is repaired', () => {
    const { kept, look, of, problems } = annotations();
    kept.annotate(row('mac'), { name: 'Reception' });
    writeFileSync(file, '{"annotations": [{"name": "whose?"}]}');
    look();
    expect(problems.join()).toContain('names neither a "device" nor an "instance"');
    kept.annotate(row('pi'), { name: 'Attic' });
    expect(readFileSync(file, 'utf8')).toContain('whose?');
    expect(of('mac')).toEqual({ name: 'Reception' });
    writeFileSync(file, '{"annotations": [{"instance": "mac", "name": "Mended"}]}');
    look();
    expect([of('mac'), of('pi')]).toEqual([{ name: 'Mended' }, { name: 'Attic' }]);
    expect(readFileSync(file, 'utf8')).toContain('Attic');
  });

  it.skipIf(process.platform === 'win32')('[PO4] a file that others can read is not used', () => {
    writeFileSync(file, '{"annotations": [{"instance": "mac", "name": "x"}]}');
    chmodSync(file, 0o644);
    const { problems, of } = annotations();
    expect(problems.join()).toContain(`chmod 600 '${file}'`);
    expect(of('mac')).toBeUndefined();
  });

  it('[PO4] without a file they are in memory alone', () => {
    const { kept, of } = annotations('a', false);
    kept.annotate(row('mac'), { name: 'Reception' });
    expect(of('mac')).toEqual({ name: 'Reception' });
    expect(existsSync(file)).toBe(false);
  });
});

describe('annotations that are shared', () => {
  const change = fc.record<AnnotationChange>(
    { name: fc.constantFrom('A', 'B', null), addLabels: fc.subarray(['x', 'y']), pin: fc.boolean() },
    { requiredKeys: [] },
  );
  const step = fc.record({ at: fc.nat(2), key: fc.constantFrom('m', 'n'), change });

  it('[PO5] gateways that received the same records in any order hold the same', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.infiniteStream(fc.nat()), (steps, random) => {
        const gateways = ['a', 'b', 'c'].map((name) => annotations(name, false).kept);
        const sent = steps.flatMap(({ at, key, change: said }) => {
          gateways[at]?.annotate(row(key), said);
          return gateways[at]?.takeOutgoing() ?? [];
        });
        for (const gateway of gateways) {
          const order = sent.map((record) => [random.next().value as number, record] as const);
          gateway.receive(order.sort(([a], [b]) => a - b).map(([, record]) => record));
        }
        const held = gateways.map(({ book }) => ['m', 'n'].map((key) => book.of(row(key))));
        expect(held[1]).toEqual(held[0]);
        expect(held[2]).toEqual(held[0]);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('[PO5] the sender of an older record is sent the later one', () => {
    const [a, b] = [annotations('a', false).kept, annotations('b', false).kept];
    a.annotate(row('mac'), { name: 'old' });
    const old = a.takeOutgoing();
    b.receive(old);
    b.annotate(row('mac'), { name: 'new' });
    b.takeOutgoing();
    b.receive(old);
    a.receive(b.takeOutgoing());
    expect(a.book.of(row('mac'))).toEqual({ name: 'new' });
  });
});
