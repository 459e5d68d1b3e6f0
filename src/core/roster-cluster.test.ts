import { describe, expect, it } from 'vitest';
import { ClusterModel } from '../../test/harness/cluster-model.ts';
import { memberIdOf } from './member-id.ts';
import { PresenceRoster } from './presence-roster.ts';

const pair = (): ClusterModel => new ClusterModel([0, 0]);
const keys = (model: ClusterModel, index: number): string[] => model.clients(index).map(({ key }) => key);
const tab = (instanceId: string) => ({ instanceId, deviceId: 'device', mode: 'webchat' });

describe('rosters of a cluster', () => {
  it('[PK8] a page that comes back to another gateway takes its row over', () => {
    const model = pair();
    model.connect(0, 'c1', tab('old'));
    model.disconnect(0, 'c1');
    model.resync();
    model.connect(1, 'c2', tab('new'));
    model.resync();
    expect([keys(model, 0), keys(model, 1)]).toEqual([['new'], ['new']]);
  });

  it('[PK8] a row that expired with an open connection and is listed again takes nothing over', () => {
    const model = new ClusterModel([0], { ttlMs: 1_000 });
    model.connect(0, 'c1', tab('old'));
    model.connect(0, 'c2', tab('new'));
    model.wait(1_000);
    model.disconnect(0, 'c1');
    model.wait(500);
    expect(keys(model, 0)).toEqual(['old']);
    model.connect(0, 'c3', tab('new'));
    expect(keys(model, 0).sort()).toEqual(['new', 'old']);
  });

  it('[PK8] two tabs that are both open at two gateways keep two rows', () => {
    const model = pair();
    model.connect(0, 'c1', tab('one'));
    model.resync();
    model.connect(1, 'c2', tab('two'));
    model.resync();
    expect(keys(model, 0).sort()).toEqual(['one', 'two']);
    expect(keys(model, 1).sort()).toEqual(['one', 'two']);
  });

  it('[PK8] a row that came back before the takeover was heard is kept', () => {
    const model = pair();
    model.connect(0, 'c1', tab('old'));
    model.disconnect(0, 'c1');
    model.resync();
    model.connect(1, 'c2', tab('new'));
    model.connect(0, 'c3', tab('old'));
    model.resync();
    expect(keys(model, 0).sort()).toEqual(['new', 'old']);
    expect(keys(model, 1).sort()).toEqual(['new', 'old']);
    expect(model.clients(1).every(({ connections }) => connections === 1)).toBe(true);
  });

  it('[PK8] what cannot be reached is not taken over', () => {
    const model = pair();
    model.connect(0, 'c1', tab('old'));
    model.disconnect(0, 'c1');
    model.resync();
    const { roster, clock } = model.at(1);
    const status = { kind: 'unreachable', sinceMs: clock.wallMs } as const;
    model.apply(1, roster.setClusterStatus(model.at(0).roster.memberId, status, clock.now()));
    model.connect(1, 'c2', tab('new'));
    expect(keys(model, 1).sort()).toEqual(['new', 'old']);
  });

  it('[PK4] a beacon with a device id alone is about its instance, at whichever gateway', () => {
    const model = pair();
    model.connect(0, 'c1', tab('page'));
    model.resync();
    model.beacon(1, { deviceId: 'device', host: 'desk' });
    model.resync();
    expect(model.clients(0)).toMatchObject([{ key: 'page', host: 'desk', connections: 1 }]);
  });

  it('[PC7] [PK5] [PK7] a connection that is renewed says nothing new: a later beacon at another gateway stands', () => {
    const model = pair();
    model.connect(0, 'c1', { instanceId: 'x', host: 'Laptop', mode: 'ui' }, ['one']);
    model.wait(1);
    model.connect(1, 'c2', { instanceId: 'x' }, ['two']);
    model.exchange();
    model.wait(1);
    model.beacon(1, { instanceId: 'x', host: 'desk', reason: 'periodic' });
    model.exchange();
    const said = { host: 'desk', reason: 'periodic', text: 'Node: desk · mode ui', scopes: ['one', 'two'] };
    for (const rttMs of [7, 8]) {
      model.wait(1);
      model.renew(0, 'c1', rttMs);
      model.exchange();
      for (const index of [0, 1])
        expect(model.clients(index)).toMatchObject([{ ...said, rttMs, ts: model.at(0).clock.wallMs }]);
    }
    model.connect(0, 'c3', { instanceId: 'x', host: 'Laptop', mode: 'ui' });
    model.exchange();
    expect(model.clients(1)).toMatchObject([{ host: 'Laptop', reason: 'connect' }]);
  });

  it("[PR2] nobody writes another gateway's row", () => {
    const model = pair();
    model.resync();
    const { roster, clock } = model.at(0);
    const update = { facts: { instanceId: 'gateway-1', host: 'forged' } };
    expect(roster.beacon(update, clock.now())).toMatchObject({ refusal: { refused: 'self-row' } });
    const connection = { ...update, connectionId: 'c1', role: 'operator', scopes: [] };
    expect(roster.connect(connection, clock.now())).toMatchObject({ refusal: { refused: 'self-row' } });
    expect(roster.view('gateway-1', clock.now())).toMatchObject({ host: 'gateway-1' });
  });

  it('[PC1] a gateway that was restarted names itself in rows of its last run as the others do', () => {
    const model = pair();
    model.connect(0, 'c1', { instanceId: 'x' });
    model.disconnect(0, 'c1');
    model.resync();
    model.wait(1);
    const [before, other] = [model.at(0), model.at(1)];
    const { clock } = before;
    const restarted = new PresenceRoster({ memberId: memberIdOf('gateway-0', 'next-run') });
    restarted.setSelf({ instanceId: 'gateway-0', host: 'renamed', mode: 'gateway' }, clock.now());
    const lastRun = before.roster.everything().filter(({ key }) => key !== 'gateway-0');
    restarted.receive([...lastRun, ...other.roster.everything()], clock.now());
    model.deliver(1, restarted.everything());
    const namesAt = (roster: PresenceRoster) => roster.view('x', clock.now())?.gateways;
    expect(namesAt(restarted)).toEqual(['renamed']);
    expect(namesAt(other.roster)).toEqual(['renamed']);
    expect(other.seen.get('x')?.gateways).toEqual(['renamed']);
  });

  it('[PT1] [PT2] rows of a gateway that vanished stay, then expire by themselves', () => {
    const model = new ClusterModel([0, 0], { ttlMs: 1_000 });
    model.connect(0, 'c1', { instanceId: 'x' });
    model.resync();
    const { roster, clock } = model.at(1);
    const status = { kind: 'unreachable', sinceMs: clock.wallMs } as const;
    model.apply(1, roster.setClusterStatus(model.at(0).roster.memberId, status, clock.now()));
    expect(model.clients(1)).toMatchObject([{ key: 'x', unreachableSinceMs: status.sinceMs }]);
    model.wait(1_000);
    expect(keys(model, 1)).toEqual(['x']);
    const dueMs = (roster.nextExpiryMonoMs(clock.now()) ?? Number.NaN) - clock.monoMs;
    expect(dueMs).toBe(1);
    model.wait(dueMs);
    expect(keys(model, 1)).toEqual([]);
  });

  it('[PR1] a gateway that ended is not listed any more, its clients are', () => {
    const model = pair();
    model.connect(0, 'c1', { instanceId: 'x' });
    model.resync();
    const { roster, clock } = model.at(1);
    const { memberId } = model.at(0).roster;
    model.apply(1, roster.setClusterStatus(memberId, { kind: 'left', sinceMs: clock.wallMs }, clock.now()));
    expect(Array.from(roster.views(clock.now()), ({ key }) => key)).toEqual(['gateway-1', 'x']);
    expect(model.clients(1)).toMatchObject([{ connections: 0, disconnectedAtMs: clock.wallMs }]);
  });

  it('an announcement that is older than what was heard takes nothing away', () => {
    const model = pair();
    const [from, to] = [model.at(0).roster, model.at(1)];
    const before = { all: from.everything(), asOf: from.latestStamp };
    model.connect(0, 'c1', { instanceId: 'x' });
    model.deliver(1, from.takeContributions());
    model.apply(1, to.roster.receiveAll(from.memberId, before.all, before.asOf, to.clock.now()));
    expect(keys(model, 1)).toEqual(['x']);
  });
});
