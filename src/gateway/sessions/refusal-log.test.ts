import { expect, it } from 'vitest';
import { silentLogger } from '../../core/index.ts';
import { RefusalLog } from './refusal-log.ts';

it('[PL7] refused handshakes are logged once per address and minute, with their number', () => {
  const lines: object[] = [];
  const log = new RefusalLog({ ...silentLogger, info: (context) => void lines.push(context) });
  const refuse = (address: string, monoMs: number): void =>
    log.refused({ connectionId: 'c', address, reason: 'no' }, monoMs);
  for (let count = 0; count < 400; count += 1) refuse('192.0.2.1', count);
  refuse('192.0.2.2', 500);
  refuse('192.0.2.1', 60_000);
  expect(lines).toEqual([
    { connectionId: 'c', address: '192.0.2.1', reason: 'no' },
    { connectionId: 'c', address: '192.0.2.2', reason: 'no' },
    { connectionId: 'c', address: '192.0.2.1', reason: 'no', refusedBefore: 399 },
  ]);
});
