import { createGateway, type Gateway, type GatewayOptions, type Peer } from '../../src/gateway/index.ts';
import { type ConnectOverrides, testToken } from './connect-params.ts';
import { ManualClock } from './manual-clock.ts';
import { ManualTimers, type ManualTimersOptions } from './manual-timers.ts';
import { PairClient } from './pair-client.ts';

/** A gateway with a manual clock and ids that count up. */
export interface GatewayFixture {
  readonly gateway: Gateway;
  readonly clock: ManualClock;
  readonly timers: ManualTimers;
  /** A client that has only been challenged. */
  open(peer?: Partial<Peer>, options?: { answersPings?: boolean }): PairClient;
  /** A client that is connected: `ui` with read scope unless the overrides say otherwise. */
  connect(overrides?: ConnectOverrides, peer?: Partial<Peer>): PairClient;
}

const loopback: Peer = { address: '127.0.0.1', origin: undefined, host: '127.0.0.1:18789' };

/** Makes a gateway with the token {@link testToken} that listens nowhere until it is started. */
export function gatewayFixture(
  options: Partial<GatewayOptions> = {},
  timing: ManualTimersOptions = {},
): GatewayFixture {
  const clock = new ManualClock();
  const timers = new ManualTimers(clock, timing);
  let ids = 0;
  const gateway = createGateway({
    port: 0,
    auth: { mode: 'token', token: testToken },
    instanceId: 'gateway-1',
    version: '1.2.3',
    clock,
    timers,
    newId: () => `id-${++ids}`,
    ...options,
  });
  const open: GatewayFixture['open'] = (peer = {}, pinging = {}) =>
    new PairClient((transport) => gateway.accept(transport, { ...loopback, ...peer }), pinging);
  return {
    gateway,
    clock,
    timers,
    open,
    connect(overrides, peer) {
      const client = open(peer);
      client.connect(overrides);
      return client;
    },
  };
}
