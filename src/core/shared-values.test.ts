import { describe, expect, it } from 'vitest';
import { createRosterFixture } from '../../test/harness/roster-fixture.ts';
import { SourcesPool } from './sources-pool.ts';

describe('the sources of facts', () => {
  it('[PF3] are one object for all rows that the same producers wrote', () => {
    const { beacon, view } = createRosterFixture();
    beacon({ instanceId: 'a', host: 'a', version: '1' });
    beacon({ instanceId: 'b', host: 'b', version: '2' });
    beacon({ instanceId: 'c', host: 'c' });
    expect(view('a').sources).toEqual({ instanceId: 'beacon', host: 'beacon', version: 'beacon' });
    expect(view('b').sources).toBe(view('a').sources);
    expect(view('c').sources).toEqual({ instanceId: 'beacon', host: 'beacon' });
  });

  it('[PT5] are kept in bounded number: a full pool starts anew', () => {
    const pool = new SourcesPool();
    const first = pool.shared({ host: 'beacon' });
    expect(pool.shared({ host: 'beacon' })).toBe(first);
    for (let index = 0; index < 1_000; index += 1) pool.shared({ [`fact${index}`]: 'beacon' });
    expect(pool.shared({ host: 'beacon' })).not.toBe(first);
  });
});
