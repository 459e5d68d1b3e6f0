import { describe, expect, it } from 'vitest';
import { createRosterFixture } from '../../test/harness/roster-fixture.ts';
import { ConnectionTable } from './connection-table.ts';
import { SharedValues } from './shared-values.ts';

describe('values that rows share', () => {
  it('[PF3] sources are one object for all rows that the same producers wrote', () => {
    const { beacon, view } = createRosterFixture();
    beacon({ instanceId: 'a', host: 'a', version: '1' });
    beacon({ instanceId: 'b', host: 'b', version: '2' });
    beacon({ instanceId: 'c', host: 'c' });
    expect(view('a').sources).toEqual({ instanceId: 'beacon', host: 'beacon', version: 'beacon' });
    expect(view('b').sources).toBe(view('a').sources);
    expect(view('c').sources).toEqual({ instanceId: 'beacon', host: 'beacon' });
  });

  it('[PK5] lists are one object for all rows that state the same, and stay it while they are stated again', () => {
    const { beacon, view } = createRosterFixture();
    beacon({ instanceId: 'a', tags: ['x', 'y'], scopes: ['s'] });
    const { tags, scopes } = view('a');
    beacon({ instanceId: 'b', tags: ['x', 'y'], scopes: ['s'] });
    beacon({ instanceId: 'a', tags: ['x', 'y'], scopes: ['s'] });
    for (const key of ['a', 'b']) {
      expect(view(key).tags).toBe(tags);
      expect(view(key).scopes).toBe(scopes);
    }
    beacon({ instanceId: 'a', tags: ['y', 'x'] });
    expect([view('a').tags, view('b').tags]).toEqual([['y', 'x'], tags]);
  });

  it('[PF3] lists with the same text in other items stay apart', () => {
    const shared = new SharedValues();
    for (const list of [['a', 'b'], ['a\nb'], ['a,b'], [], ['']]) expect(shared.list(list)).toEqual(list);
  });

  it('[PK5] roles and scopes are one object for all connections that were granted the same, each scope once', () => {
    const connections = new ConnectionTable(new SharedValues());
    const { grant } = connections.add('1', 'a', 'operator', ['read', 'read', 'write']);
    expect(grant).toEqual({ roles: ['operator'], scopes: ['read', 'write'] });
    expect(connections.add('2', 'b', 'operator', ['read', 'write']).grant).toBe(grant);
    expect(connections.add('3', 'c', 'node', ['read', 'write']).grant).not.toBe(grant);
    expect(() => (grant.scopes as string[]).push('admin')).toThrow(TypeError);
  });

  it('[PT5] are kept in bounded number: what is full starts anew', () => {
    const shared = new SharedValues();
    const first = shared.list(['first']);
    expect(shared.list(['first'])).toBe(first);
    for (let index = 0; index < 1_000; index += 1) shared.list([String(index)]);
    expect(shared.list(['first'])).not.toBe(first);
  });
});
