import { describe, expect, it } from 'vitest';
import { DeadlineQueue } from './deadline-queue.ts';

describe('DeadlineQueue', () => {
  it('[PR7] [PW2] each member is due once, one interval after it was added, in order', () => {
    const queue = new DeadlineQueue<string>(100);
    queue.add('a', 0);
    queue.add('b', 30);
    queue.add('c', 30);
    expect([...queue.due(99)]).toEqual([]);
    expect(queue.nextMonoMs()).toBe(100);
    expect([...queue.due(100)]).toEqual(['a']);
    expect(queue.nextMonoMs()).toBe(130);
    expect([...queue.due(1_000)]).toEqual(['b', 'c']);
    expect(queue.nextMonoMs()).toBeUndefined();
  });

  it('[PE1] returns when the newest member that is still queued was added', () => {
    const queue = new DeadlineQueue<string>(100);
    expect(queue.newestMonoMs()).toBe(Number.NEGATIVE_INFINITY);
    queue.add('a', 0);
    const entry = queue.add('b', 30);
    expect(queue.newestMonoMs()).toBe(30);
    queue.remove(entry);
    expect(queue.newestMonoMs()).toBe(0);
  });

  it('[PW2] a member that was removed is not due, and removing twice is harmless', () => {
    const queue = new DeadlineQueue<string>(100);
    const entry = queue.add('a', 0);
    queue.add('b', 0);
    queue.remove(entry);
    queue.remove(entry);
    expect([...queue.due(100)]).toEqual(['b']);
  });

  it('[PR7] a member that is added again while the due are taken waits for its next deadline', () => {
    const queue = new DeadlineQueue<string>(100);
    queue.add('a', 0);
    const seen: string[] = [];
    for (const member of queue.due(500)) {
      seen.push(member);
      queue.add(member, 500);
    }
    expect(seen).toEqual(['a']);
    expect(queue.nextMonoMs()).toBe(600);
  });

  it('[PW2] a member that is removed while the due are taken is skipped', () => {
    const queue = new DeadlineQueue<string>(100);
    queue.add('a', 0);
    const entry = queue.add('b', 0);
    const seen: string[] = [];
    for (const member of queue.due(100)) {
      seen.push(member);
      queue.remove(entry);
    }
    expect(seen).toEqual(['a']);
  });
});
