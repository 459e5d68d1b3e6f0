import { describe, expect, it } from 'vitest';
import { Rotation } from './rotation.ts';

describe('Rotation', () => {
  it('[PR7] [PW2] each member is due once, one interval after it joined, in order', () => {
    const rotation = new Rotation<string>(100);
    rotation.join('a', 0);
    rotation.join('b', 30);
    rotation.join('c', 30);
    expect([...rotation.due(99)]).toEqual([]);
    expect(rotation.nextMonoMs()).toBe(100);
    expect([...rotation.due(100)]).toEqual(['a']);
    expect(rotation.nextMonoMs()).toBe(130);
    expect([...rotation.due(1_000)]).toEqual(['b', 'c']);
    expect(rotation.nextMonoMs()).toBeUndefined();
  });

  it('[PE1] tells when the newest of those who are still there joined', () => {
    const rotation = new Rotation<string>(100);
    expect(rotation.newestMonoMs()).toBe(Number.NEGATIVE_INFINITY);
    rotation.join('a', 0);
    const place = rotation.join('b', 30);
    expect(rotation.newestMonoMs()).toBe(30);
    rotation.leave(place);
    expect(rotation.newestMonoMs()).toBe(0);
  });

  it('[PW2] who left is not due, and leaving twice is harmless', () => {
    const rotation = new Rotation<string>(100);
    const place = rotation.join('a', 0);
    rotation.join('b', 0);
    rotation.leave(place);
    rotation.leave(place);
    expect([...rotation.due(100)]).toEqual(['b']);
  });

  it('[PR7] a member that joins again while the due are taken waits for its next turn', () => {
    const rotation = new Rotation<string>(100);
    rotation.join('a', 0);
    const seen: string[] = [];
    for (const member of rotation.due(500)) {
      seen.push(member);
      rotation.join(member, 500);
    }
    expect(seen).toEqual(['a']);
    expect(rotation.nextMonoMs()).toBe(600);
  });

  it('[PW2] a member that leaves while the due are taken is passed over', () => {
    const rotation = new Rotation<string>(100);
    rotation.join('a', 0);
    const place = rotation.join('b', 0);
    const seen: string[] = [];
    for (const member of rotation.due(100)) {
      seen.push(member);
      rotation.leave(place);
    }
    expect(seen).toEqual(['a']);
  });
});
