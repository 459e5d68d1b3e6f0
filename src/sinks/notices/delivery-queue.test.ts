import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/harness/manual-clock.ts';
import { ManualTimers } from '../../../test/harness/manual-timers.ts';
import { silentLogger } from '../../core/index.ts';
import type { DeliveryFailure, QueuedMessage } from './delivery.ts';
import { DeliveryQueue, type DeliveryQueueOptions } from './delivery-queue.ts';
import type { NoticeMessage } from './notice.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-queue-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const message = { type: 'presence.left', timestamp: '', data: {} } as unknown as NoticeMessage;

function fixture(options: Partial<DeliveryQueueOptions> = {}, clock = new ManualClock()) {
  const timers = new ManualTimers(clock);
  const sent: string[] = [];
  let answer: DeliveryFailure | undefined;
  const queue = new DeliveryQueue({
    name: 'ops',
    type: 'webhook',
    send: async ({ id }) => {
      sent.push(id);
      return answer;
    },
    clock,
    timers,
    logger: silentLogger,
    random: () => 0,
    giveUpMs: 3_600_000,
    timeoutMs: 10_000,
    ...options,
  });
  const queued = (id: string): QueuedMessage => ({ id, message, queuedAtMs: clock.wallMs });
  return {
    queue,
    clock,
    sent,
    add: (...ids: string[]) => {
      for (const id of ids) queue.add(queued(id));
    },
    answer: (failure: DeliveryFailure | undefined) => {
      answer = failure;
    },
    /** Waits until what was sent is answered. */
    settle: async () => {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    },
    pass: async (ms: number) => {
      timers.advance(ms);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    },
  };
}

describe('DeliveryQueue', () => {
  it('[PN10] sends in order, one at a time, and counts', async () => {
    const { queue, add, sent, settle } = fixture();
    add('a', 'b', 'a', 'c');
    expect(sent).toEqual(['a']);
    await settle();
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(queue.status).toMatchObject({ state: 'idle', queued: 0, delivered: 3, failures: 0, dropped: 0 });
  });

  it('[PN10] tries the same message again, after 1, 2, 4 s, and up to a minute', async () => {
    const { queue, add, sent, answer, settle, pass } = fixture();
    answer({ problem: 'HTTP 503', retry: true });
    add('a', 'b');
    await settle();
    expect(queue.status).toMatchObject({ state: 'waiting', queued: 2, failures: 1, lastProblem: 'HTTP 503' });
    await pass(999);
    expect(sent).toHaveLength(1);
    await pass(1);
    await pass(2_000);
    await pass(4_000);
    expect(sent).toEqual(['a', 'a', 'a', 'a']);
    for (let times = 0; times < 20; times += 1) await pass(60_000);
    expect(queue.status.failures).toBeLessThan(30);
    answer(undefined);
    await pass(60_000);
    expect(queue.status).toMatchObject({ state: 'idle', queued: 0 });
  });

  it('[PN10] waits as long as the target requests', async () => {
    const { add, sent, answer, settle, pass } = fixture();
    answer({ problem: 'HTTP 429', retry: true, waitMs: 30_000 });
    add('a');
    await settle();
    await pass(29_999);
    expect(sent).toHaveLength(1);
    await pass(1);
    expect(sent).toHaveLength(2);
  });

  it('[PN10] gives up what is of no use or too old, and drops the oldest when there are too many', async () => {
    const { queue, add, sent, answer, settle, pass } = fixture({ maxQueued: 3, giveUpMs: 60_000 });
    answer({ problem: 'HTTP 410', retry: false });
    add('gone');
    await settle();
    expect(queue.status).toMatchObject({ dropped: 1, queued: 0 });
    answer({ problem: 'HTTP 500', retry: true });
    add('a');
    await settle();
    add('b', 'c', 'd');
    expect(queue.status).toMatchObject({ queued: 3, dropped: 2 });
    sent.length = 0;
    for (let times = 0; times < 10; times += 1) await pass(60_000);
    expect(sent).not.toContain('a');
    expect(queue.status).toMatchObject({ queued: 0, dropped: 5 });
  });

  it('[PN10] an attempt ends after its time', async () => {
    let aborted = false;
    const { add, pass, queue } = fixture({
      send: (_, signal) =>
        new Promise((resolve) =>
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve({ problem: 'no answer in time', retry: true });
          }),
        ),
    });
    add('a');
    await pass(10_000);
    expect(aborted).toBe(true);
    expect(queue.status.state).toBe('waiting');
  });

  it('[PN10] pending messages outlive the process, in a file that only its owner can read', async () => {
    const file = join(folder, 'queue.jsonl');
    const before = fixture({ file });
    before.answer({ problem: 'ECONNREFUSED', retry: true });
    before.add('a', 'b');
    await before.settle();
    before.answer(undefined);
    await before.pass(1_000);
    before.answer({ problem: 'ECONNREFUSED', retry: true });
    before.add('c', 'd');
    await before.settle();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // It was not closed, and its last line is cut off.
    const after = fixture({ file: file });
    after.queue.start();
    await after.settle();
    expect(after.sent).toEqual(['c', 'd']);
    expect(readFileSync(file, 'utf8').split('\n').filter(Boolean)).toHaveLength(4);
  });

  it('[PN10] a line that was cut off does not damage the next message', async () => {
    const file = join(folder, 'queue.jsonl');
    writeFileSync(file, '{"add":{"id":"torn');
    const down: DeliveryFailure = { problem: 'ECONNREFUSED', retry: true };
    const before = fixture({ file });
    before.answer(down);
    before.add('a');
    await before.settle();
    const after = fixture({ file });
    after.queue.start();
    await after.settle();
    expect(after.sent).toEqual(['a']);
  });

  it('[PN10] a full disk is logged once; pending messages are stored again when there is room', async () => {
    const file = join(folder, 'full', 'queue.jsonl');
    const logged: string[] = [];
    const logger = {
      ...silentLogger,
      error: (_: object, text: string) => void logged.push(text),
      info: (_: object, text: string) => void logged.push(text),
    };
    const before = fixture({ file, logger });
    before.answer({ problem: 'ECONNREFUSED', retry: true });
    before.add('a', 'b');
    await before.pass(30_000);
    before.add('c');
    expect(logged).toEqual(['the queue of notices cannot be kept across a restart']);
    mkdirSync(join(folder, 'full'));
    await before.pass(60_000);
    before.add('d');
    expect(logged.slice(1)).toEqual(['the queue of notices is kept again']);
    before.add('e');
    const after = fixture({ file });
    after.queue.start();
    await after.settle();
    expect(after.sent).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
