import { describe, expect, it } from 'vitest';
import type { Statement } from './contribution.ts';
import type { InstanceView } from './entry.ts';
import { sourceOf } from './fact-source.ts';
import type { MemberStatus } from './member-status.ts';
import { mergedView } from './merged-view.ts';

const says = (memberId: string, ms: number, view: Partial<InstanceView> = {}): Statement => ({
  memberId,
  key: 'x',
  stamp: { ms, counter: 0, memberId },
  view: { key: 'x', ts: ms, connections: 0, firstSeenAtMs: ms, sources: {}, ...view },
});
const live = (): MemberStatus => ({ kind: 'up' });
const known =
  (statuses: Readonly<Record<string, MemberStatus>>) =>
  (memberId: string): MemberStatus | undefined =>
    statuses[memberId];
const held = { connections: 1, connectedAtMs: 10, roles: ['operator'] };
const left = { reason: 'disconnect', disconnectedAtMs: 90, roles: ['node'] };

describe('one row of several gateways', () => {
  it('[PR8] a goodbye to one gateway changes only roles while another holds a connection', () => {
    const view = mergedView([says('a@1', 50, { ...held, reason: 'connect' }), says('b@1', 90, left)], live);
    expect(view).toMatchObject({
      connections: 1,
      reason: 'connect',
      ts: 50,
      roles: ['operator'],
      gatewayIds: ['a'],
    });
    expect(view).not.toHaveProperty('disconnectedAtMs');
  });

  it('[PK5] adds up connections, grants and facts, the later fact on top', () => {
    const first = says('a@1', 50, { ...held, host: 'old', ip: '192.0.2.1' });
    const second = says('b@1', 60, { ...held, host: 'new', roles: ['node'] });
    const view = mergedView([first, second], live);
    expect(view).toMatchObject({ connections: 2, host: 'new', ip: '192.0.2.1', roles: ['operator', 'node'] });
    expect(view.gatewayIds).toEqual(['a', 'b']);
    expect(JSON.stringify(mergedView([second, first], live))).toBe(JSON.stringify(view));
  });

  it('[PF4] lastInputSeconds is true at the ts that is shown, whoever reported it', () => {
    const typed = says('a@1', 10_000, { connections: 1, lastInputSeconds: 3 });
    expect(mergedView([typed, says('b@1', 25_500, held)], live)).toMatchObject({
      ts: 25_500,
      lastInputSeconds: 18,
    });
  });

  it('[PR8] [PC2] a connection at a gateway that cannot be reached counts before a goodbye elsewhere', () => {
    const statuses = known({ 'a@1': { kind: 'unreachable', sinceMs: 70 } });
    const view = mergedView([says('a@1', 50, held), says('b@1', 90, left)], statuses);
    expect(view).toMatchObject({ connections: 1, unreachableSinceMs: 70, gatewayIds: ['a'] });
    expect(view).not.toHaveProperty('disconnectedAtMs');
  });

  it('[PR8] a connection at a gateway that can be reached makes the row reachable', () => {
    const statuses = known({ 'a@1': { kind: 'unreachable', sinceMs: 70 } });
    const view = mergedView([says('a@1', 80, held), says('b@1', 60, held)], statuses);
    expect(view).toMatchObject({ connections: 1, gatewayIds: ['b'], ts: 60 });
    expect(view).not.toHaveProperty('unreachableSinceMs');
  });

  it('[PR8] connections of a gateway that ended are closed', () => {
    const view = mergedView([says('a@1', 50, held)], known({ 'a@1': { kind: 'left', sinceMs: 70 } }));
    expect(view).toMatchObject({ connections: 0, reason: 'disconnect', disconnectedAtMs: 70 });
    expect(view).not.toHaveProperty('connectedAtMs');
    expect(sourceOf(view, 'reason')).toBe('gateway');
  });

  it('[PF3] each fact has the source of the statement it is from', () => {
    const beacon = says('a@1', 50, { host: 'h', text: 't', sources: { host: 'beacon', text: 'beacon' } });
    const handshake = says('b@1', 60, { ...held, host: 'h', ip: '192.0.2.1', sources: { ip: 'socket' } });
    expect(mergedView([beacon, handshake], live).sources).toEqual({ text: 'beacon', ip: 'socket' });
    const later = { ...beacon, stamp: { ...beacon.stamp, ms: 70 } };
    expect(mergedView([handshake, later], live).sources).toEqual({
      ip: 'socket',
      host: 'beacon',
      text: 'beacon',
    });
  });

  it('[PC7] [PK5] a stated text stays, whatever a gateway composed that did not hear it', () => {
    const stated = says('a@1', 50, { host: 'h', text: 'gone fishing', sources: { text: 'beacon' } });
    const composed = says('b@1', 60, { ...held, host: 'h', text: 'Node: h' });
    for (const said of [
      [stated, composed],
      [composed, stated],
    ]) {
      const view = mergedView(said, live);
      expect([view.text, sourceOf(view, 'text')]).toEqual(['gone fishing', 'beacon']);
    }
    const later = says('b@1', 70, { ...held, text: 'back', sources: { text: 'node-event' } });
    const view = mergedView([stated, later], live);
    expect([view.text, sourceOf(view, 'text')]).toEqual(['back', 'node-event']);
  });

  it('[PC7] [PF3] a text that nobody stated is composed of what all say, and has no source', () => {
    const named = says('a@1', 50, { host: 'h', mode: 'ui', text: 'Node: h · mode ui' });
    const renamed = says('b@1', 60, { host: 'desk', text: 'Node: desk' });
    const view = mergedView([named, renamed], live);
    expect([view.text, sourceOf(view, 'text')]).toEqual(['Node: desk · mode ui', undefined]);
    const nameless = mergedView([says('a@1', 50, { mode: 'ui' }), says('b@1', 60)], live);
    expect(nameless).not.toHaveProperty('text');
  });

  it('[PF3] [PK5] what connections were granted is from their handshakes, whatever beacons claim elsewhere', () => {
    const claimed = {
      roles: ['king'],
      scopes: ['all'],
      sources: { roles: 'beacon', scopes: 'beacon' },
    } as const;
    const view = mergedView([says('a@1', 50, held), says('b@1', 60, claimed)], live);
    expect([view.roles, sourceOf(view, 'roles')]).toEqual([['operator'], 'connect']);
    expect(view.sources).toEqual({});
  });

  it('[PC7] [PK5] when all have left, shows what the last connection was granted, or a later beacon claims', () => {
    const first = says('a@1', 80, { roles: ['operator'], scopes: ['old'], disconnectedAtMs: 80 });
    const last = says('b@1', 90, left);
    const view = mergedView([first, last], live);
    expect(view).toMatchObject({ roles: ['node'], disconnectedAtMs: 90 });
    expect(view).not.toHaveProperty('scopes');
    const claim = says('c@1', 95, { roles: ['king'], sources: { roles: 'beacon' } });
    expect(mergedView([last, claim], live)).toMatchObject({ roles: ['king'], sources: { roles: 'beacon' } });
  });

  it('[PC7] [PR8] a beacon elsewhere is no connection: the row still says when the last one closed', () => {
    const beacon = says('a@1', 95, { reason: 'periodic', sources: { reason: 'beacon' } });
    expect(mergedView([says('b@1', 90, left), beacon], live)).toMatchObject({
      connections: 0,
      reason: 'periodic',
      disconnectedAtMs: 90,
      ts: 95,
    });
  });

  it('[PR2] the row of a gateway is what that gateway says', () => {
    const own = says('a@1', 50, { self: true, host: 'right', mode: 'gateway' });
    expect(mergedView([own, says('b@1', 90, { host: 'wrong', ...held })], live)).toMatchObject({
      host: 'right',
    });
  });
});

describe('facts of newer gateways', () => {
  it('[PC1] [PF3] facts, producers and causes that this version does not know are kept and shown', () => {
    const newer = { rack: 'r7', sources: { rack: 'mqtt', host: 'mqtt' } } as unknown as Partial<InstanceView>;
    const cause = { code: 'teleported' } as unknown as NonNullable<InstanceView['cause']>;
    const first = says('a@1', 50, { ...held, host: 'h', ...newer, cause });
    const view = mergedView([first, says('b@1', 60, { version: '2' })], live);
    expect(view).toMatchObject({ rack: 'r7', version: '2', cause: { code: 'teleported' } });
    expect(view.sources).toMatchObject({ rack: 'mqtt', host: 'mqtt' });
  });
});
