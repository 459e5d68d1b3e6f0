import { describe, expect, it } from 'vitest';
import { type Grant, GrantCounts } from './grants.ts';

describe('GrantCounts', () => {
  const reader: Grant = { roles: ['operator'], scopes: ['read'] };
  const writer: Grant = { roles: ['operator'], scopes: ['read', 'write'] };
  const node: Grant = { roles: ['node'], scopes: [] };

  it('[PK5] is the union of the grants', () => {
    const counts = new GrantCounts(node);
    expect(counts.union()).toBe(node);
    for (const grant of [reader, writer]) counts.add(grant);
    expect(counts.union()).toEqual({ roles: ['node', 'operator'], scopes: ['read', 'write'] });
  });

  it('[PK5] shrinks when the last connection with a grant leaves', () => {
    const counts = new GrantCounts(reader);
    for (const grant of [writer, writer]) counts.add(grant);
    counts.remove(writer);
    expect(counts.union().scopes).toEqual(['read', 'write']);
    counts.remove(writer);
    expect(counts.union()).toBe(reader);
  });

  it('throws for a grant that is not counted', () => {
    const counts = new GrantCounts(reader);
    expect(() => counts.remove(node)).toThrow(TypeError);
  });
});
