import { describe, expect, it } from 'vitest';
import { GrantCounts, GrantTable } from './grants.ts';

describe('GrantTable', () => {
  it('shares one object among equal grants', () => {
    const table = new GrantTable();
    const first = table.take('operator', ['read', 'write']);
    expect(table.take('operator', ['read', 'write'])).toBe(first);
    expect(table.take('node', ['read', 'write'])).not.toBe(first);
    expect(first).toEqual({ roles: ['operator'], scopes: ['read', 'write'] });
  });

  it('lists a scope once, and releases a grant that was taken with a scope twice', () => {
    const table = new GrantTable();
    const grant = table.take('operator', ['read', 'read']);
    expect(grant.scopes).toEqual(['read']);
    expect(table.take('operator', ['read'])).toBe(grant);
    table.release(grant);
    table.release(grant);
    expect(() => table.release(grant)).toThrow(TypeError);
  });

  it('forgets a grant that nobody holds', () => {
    const table = new GrantTable();
    const grant = table.take('node', []);
    table.release(grant);
    expect(table.take('node', [])).not.toBe(grant);
  });

  it('cannot be changed through a grant', () => {
    const grant = new GrantTable().take('node', ['read']);
    expect(() => (grant.scopes as string[]).push('admin')).toThrow(TypeError);
  });
});

describe('GrantCounts', () => {
  const table = new GrantTable();
  const reader = table.take('operator', ['read']);
  const writer = table.take('operator', ['read', 'write']);
  const node = table.take('node', []);

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
