import { describe, expect, it } from 'vitest';
import { createRosterFixture } from '../../test/harness/roster-fixture.ts';
import { mergeSources, noSources, sourceOf, withoutSources } from './fact-source.ts';

const row = { key: 'a', ts: 1, host: 'h', ip: '192.0.2.1', text: 'Node: h' };

describe('where a fact is from', () => {
  it('[PF3] is the producer that is named, else the handshake', () => {
    const sources = { ip: 'socket' } as const;
    expect(sourceOf({ ...row, sources }, 'ip')).toBe('socket');
    expect(sourceOf({ ...row, sources }, 'host')).toBe('connect');
  });

  it('[PF3] is nobody for a text that the gateway composed', () => {
    expect(sourceOf({ ...row, sources: {} }, 'text')).toBeUndefined();
    expect(sourceOf({ ...row, sources: { text: 'beacon' } }, 'text')).toBe('beacon');
  });

  it('[PF3] is unknown for a fact that the row lacks, and in rows of gateways that do not tell', () => {
    expect(sourceOf({ ...row, sources: { tags: 'beacon' } }, 'tags')).toBeUndefined();
    expect(sourceOf({ ...row, sources: {} }, 'version')).toBeUndefined();
    expect(sourceOf(row, 'host')).toBeUndefined();
  });
});

describe('merging', () => {
  it('[PF3] a handshake takes away the source of the facts it states', () => {
    const sources = { host: 'beacon', ip: 'socket' } as const;
    expect(mergeSources(sources, { host: 'h', mode: 'ui' }, 'connect')).toEqual({ ip: 'socket' });
    expect(mergeSources(sources, row, 'connect')).toBe(noSources);
  });

  it('[PF3] makes no object when nothing changes', () => {
    const sources = { host: 'beacon', ip: 'socket' } as const;
    expect(mergeSources(sources, { host: 'other' }, 'beacon')).toBe(sources);
    expect(mergeSources(sources, { mode: 'ui' }, 'connect')).toBe(sources);
    expect(withoutSources(noSources, row)).toBe(noSources);
  });

  it('[PF3] rows of the same kind share what there is to say: nothing', () => {
    const { beacon, connect, view } = createRosterFixture();
    beacon({ instanceId: 'a', host: 'h' });
    expect(view('a').sources).toEqual({ instanceId: 'beacon', host: 'beacon' });
    connect('c1', { instanceId: 'a', host: 'h' });
    connect('c2', { instanceId: 'b' });
    expect(view('a').sources).toBe(view('b').sources);
    expect(Object.isFrozen(view('b').sources)).toBe(true);
  });
});
