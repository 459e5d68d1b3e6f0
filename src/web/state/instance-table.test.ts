import { expect, it } from 'vitest';
import { instancesCsv, instancesJson, toCsv } from './instance-table.ts';

it('quotes what must be quoted, and nothing else', () => {
  expect(
    toCsv(
      ['a', 'b'],
      [
        ['x, "y"', 1],
        ['line\nbreak', undefined],
      ],
    ),
  ).toBe('\uFEFFa,b\r\n"x, ""y""",1\r\n"line\nbreak",\r\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\u00a0=1'])(
  '%j is text, not a formula',
  (text) => {
    const cell = toCsv(['a'], [[text]])
      .split('\r\n')
      .slice(1)
      .join('\r\n');
    expect(cell).toMatch(/^"?'/);
  },
);

it('[PS5] writes moments as ISO 8601 and the state as of the given moment', () => {
  const rows = [
    { key: 'a', host: 'A', ts: 0, lastInputSeconds: 5, connections: 2, roles: ['node', 'operator'] },
  ];
  const [header = '', line = ''] = instancesCsv(rows, 130_000).replace('\uFEFF', '').split('\r\n');
  const cells = Object.fromEntries(header.split(',').map((name, i) => [name, line.split(',')[i]]));
  expect(cells).toMatchObject({
    host: 'A',
    state: 'idle',
    updated: '1970-01-01T00:00:00.000Z',
    lastInputSeconds: '135',
    roles: 'node operator',
  });
  expect(JSON.parse(instancesJson(rows, 0))).toEqual({
    exportedAt: '1970-01-01T00:00:00.000Z',
    instances: rows,
  });
});
