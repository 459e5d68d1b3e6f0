import { describe, expect, it } from 'vitest';
import { pass, scriptedClient } from '../../test/harness/scripted-client.ts';

const fixture = scriptedClient();
const { connect, create, welcome } = fixture;

describe('a lost connection', () => {
  it('[PW8] the connection to a gateway that sends nothing is closed after two ticks', async () => {
    const socket = await connect();
    await pass(30_000);
    socket.event('tick', { ts: 1_030_000 }, { seq: 2 });
    await pass(59_999);
    expect(fixture.client.state.phase).toBe('connected');
    await pass(1);
    expect(fixture.client.state.phase).toBe('reconnecting');
    expect(socket.closedWith).toMatchObject({ code: 4000 });
  });

  it('waits longer after every failure, reports the delay, and begins anew after a good connection', async () => {
    create();
    const waits: unknown[] = [];
    for (let count = 0; count < 6; count += 1) {
      fixture.gateway.latest.fail('refused');
      expect(fixture.client.state).toMatchObject({
        phase: 'reconnecting',
        code: 'NETWORK',
        attempts: count + 1,
      });
      waits.push(fixture.client.state.phase === 'reconnecting' && fixture.client.state.retryInMs);
      await pass(4_000);
      expect(fixture.client.state).not.toHaveProperty('retryInMs');
    }
    expect(waits).toEqual([188, 375, 750, 1_500, 1_500, 1_500]);
    const socket = await welcome();
    await pass(10_000);
    socket.close(1006);
    expect(fixture.client.state).toMatchObject({ attempts: 1, retryInMs: 188 });
  });

  it('does not retry early after a gateway that closes the connection at once', async () => {
    create();
    for (let count = 1; count <= 3; count += 1) {
      (await welcome()).close(1008, 'slow consumer');
      expect(fixture.client.state).toMatchObject({ attempts: count });
      await pass(4_000);
    }
  });

  it('[PA7] waits for the time that the gateway states', async () => {
    create();
    fixture.gateway.latest.open();
    await pass();
    const details = { code: 'AUTH_RATE_LIMITED' };
    fixture.gateway.latest.refuse('connect', {
      code: 'INVALID_REQUEST',
      message: 'later',
      details,
      retryAfterMs: 300_000,
    });
    await pass();
    expect(fixture.client.state).toMatchObject({
      phase: 'reconnecting',
      code: 'AUTH_RATE_LIMITED',
      retryInMs: 300_000,
    });
    await pass(299_999);
    expect(fixture.gateway.sockets).toHaveLength(1);
    await pass(1);
    expect(fixture.gateway.sockets).toHaveLength(2);
  });
});
